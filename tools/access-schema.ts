/**
 * `npm run access-schema`: writes docs/access.schema.json, the JSON Schema of access.yaml for
 * editors, and the keys in docs/access-yaml.md. A test fails if either is out of date.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { accessFileSchema } from "../shared/policy-file/json-schema.ts";
import { withKeyReference } from "../shared/policy-file/key-reference.ts";
import { runScript } from "./command-line.ts";

const HELP = `npm run access-schema

Writes docs/access.schema.json, the JSON Schema of access.yaml for editors, and
the keys in docs/access-yaml.md.

  --help    print this
`;
const ROOT = path.resolve(import.meta.dirname, "..");
const FILE = path.join(ROOT, "docs/access.schema.json");
const PAGE = path.join(ROOT, "docs/access-yaml.md");
const BIOME = path.join(ROOT, "node_modules/@biomejs/biome/bin/biome");

await runScript({ script: "access-schema", help: HELP, options: {} }, () => {
  writeFileSync(PAGE, withKeyReference(readFileSync(PAGE, "utf8")));
  writeFileSync(FILE, JSON.stringify(accessFileSchema()));
  const { status } = spawnSync(process.execPath, [BIOME, "format", "--write", FILE], {
    stdio: "inherit",
  });
  return status ?? 1;
});
