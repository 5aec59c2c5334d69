/**
 * `npm run access-schema`: writes the JSON Schemas of access.yaml, people.yaml and access.test.yaml
 * for editors, and the keys in docs/access-yaml.md. A test fails if one of them is out of date.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runScript } from "../lab/command-line.ts";
import {
  accessFileSchema,
  expectationFileSchema,
  peopleFileSchema,
} from "../shared/policy-file/json-schema.ts";
import { withKeyReference } from "../shared/policy-file/key-reference.ts";

const HELP = `npm run access-schema

Writes docs/access.schema.json, docs/people.schema.json and
docs/access-test.schema.json, the JSON Schemas of access.yaml, people.yaml and
access.test.yaml for editors, and the keys in docs/access-yaml.md.

  --help    print this
`;
const ROOT = path.resolve(import.meta.dirname, "..");
const SCHEMAS = {
  "docs/access.schema.json": accessFileSchema(),
  "docs/people.schema.json": peopleFileSchema(),
  "docs/access-test.schema.json": expectationFileSchema(),
};
const PAGE = path.join(ROOT, "docs/access-yaml.md");
const BIOME = path.join(ROOT, "node_modules/@biomejs/biome/bin/biome");

await runScript({ script: "access-schema", help: HELP, options: {} }, () => {
  writeFileSync(PAGE, withKeyReference(readFileSync(PAGE, "utf8")));
  const files = Object.entries(SCHEMAS).map(([name, schema]) => {
    const file = path.join(ROOT, name);
    writeFileSync(file, JSON.stringify(schema));
    return file;
  });
  const { status } = spawnSync(process.execPath, [BIOME, "format", "--write", ...files], {
    stdio: "inherit",
  });
  return status ?? 1;
});
