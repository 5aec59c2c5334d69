/** `npm run openapi`: writes docs/openapi.json anew. A test holds the file to what this writes. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { PRODUCTION } from "../infra/synth/settings.ts";
import { openApiDocument } from "../shared/http/contract/openapi.ts";

const ROOT = path.resolve(import.meta.dirname, "..");
const FILE = path.join(ROOT, "docs/openapi.json");
const BIOME = path.join(ROOT, "node_modules/@biomejs/biome/bin/biome");

writeFileSync(FILE, JSON.stringify(openApiDocument(PRODUCTION.broker)));
const { status } = spawnSync(process.execPath, [BIOME, "format", "--write", FILE], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
