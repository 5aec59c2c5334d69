/** `npm run openapi`: writes docs/openapi.json. A test compares the file with what this writes. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PRODUCTION } from "../infra/synth/settings.ts";
import { runScript } from "../lab/command-line.ts";
import { openApiDocument } from "../shared/http/contract/openapi.ts";

const HELP = `npm run openapi

Writes docs/openapi.json from the routes and schemas of shared/http/contract.

  --help    print this
`;

const ROOT = path.resolve(import.meta.dirname, "..");
const FILE = path.join(ROOT, "docs/openapi.json");
const BIOME = path.join(ROOT, "node_modules/@biomejs/biome/bin/biome");

await runScript({ script: "openapi", help: HELP, options: {} }, () => {
  writeFileSync(FILE, JSON.stringify(openApiDocument(PRODUCTION.broker)));
  const { status } = spawnSync(process.execPath, [BIOME, "format", "--write", FILE], {
    stdio: "inherit",
  });
  return status ?? 1;
});
