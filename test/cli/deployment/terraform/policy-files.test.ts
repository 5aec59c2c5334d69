/** The files that an assembly for Terraform is made of: a plan refuses where one of them changed since. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { policyFiles } from "../../../../cli/deployment/terraform/policy-files.ts";
import type { WorkingFolder } from "../../../../cli/deployment/working-folder.ts";

const SAMPLE = path.resolve(import.meta.dirname, "../../../../access.yaml");
const config = { access: "access.yaml" } as WorkingFolder["config"];

function newFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "policy-files-"));
  writeFileSync(path.join(folder, "timelatch.config.yaml"), "version: 1\n");
  return folder;
}
const hashOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
const expected = (folder: string, ...names: readonly string[]) =>
  names.map((name) => {
    const file = path.join(folder, name);
    return { file, sha256: hashOf(file) };
  });

it("The manifest has the hashes of the policy and of where it is deployed to", async () => {
  const folder = newFolder();
  copyFileSync(SAMPLE, path.join(folder, "access.yaml"));
  expect(await policyFiles({ folder, config })).toEqual(
    expected(folder, "access.yaml", "timelatch.config.yaml"),
  );
});

it("A file of people that the policy includes has a hash too", async () => {
  const folder = newFolder();
  const { people, ...policy } = parse(readFileSync(SAMPLE, "utf8"));
  const write = (name: string, content: object) =>
    writeFileSync(path.join(folder, name), stringify(content, { aliasDuplicateObjects: false }));
  write("access.yaml", { ...policy, people: { include: "people.yaml" } });
  write("people.yaml", { version: 1, people });
  expect(await policyFiles({ folder, config })).toEqual(
    expected(folder, "access.yaml", "people.yaml", "timelatch.config.yaml"),
  );
});
