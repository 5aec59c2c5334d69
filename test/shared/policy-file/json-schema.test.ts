import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { KEY_NOTES } from "../../../shared/policy-file/access-policy-file.ts";
import {
  accessFileSchema,
  expectationFileSchema,
} from "../../../shared/policy-file/json-schema.ts";
import { keysOfAccessFile, withKeyReference } from "../../../shared/policy-file/key-reference.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";

it("docs/access.schema.json is what npm run access-schema writes", () => {
  const written: unknown = JSON.parse(readFileSync("docs/access.schema.json", "utf8"));
  expect(written).toEqual(JSON.parse(JSON.stringify(accessFileSchema())));
});

it("docs/access-test.schema.json is what npm run access-schema writes", () => {
  const written: unknown = JSON.parse(readFileSync("docs/access-test.schema.json", "utf8"));
  expect(written).toEqual(JSON.parse(JSON.stringify(expectationFileSchema())));
});

it("The JSON Schema of access.yaml refuses unknown keys, at the top and in a rule", () => {
  expect(accessFileSchema()).toMatchObject({
    additionalProperties: false,
    properties: { rules: { items: { additionalProperties: false } } },
  });
});

it("docs/access-yaml.md has the keys that npm run access-schema writes", () => {
  const page = readFileSync("docs/access-yaml.md", "utf8");
  expect(page).toBe(withKeyReference(page));
});

it("Every key of access.yaml has a note with an example, and a default unless it is required", () => {
  const keys = keysOfAccessFile();
  expect(keys.map(({ path }) => path.join(".")).toSorted()).toEqual(
    Object.keys(KEY_NOTES).toSorted(),
  );
  for (const { path, schema, isRequired } of keys) {
    const note = KEY_NOTES[path.join(".") as keyof typeof KEY_NOTES];
    expect(schema).toMatchObject(note);
    expect({ path, hasDefault: "default" in schema }).toEqual({ path, hasDefault: !isRequired });
  }
});

it("The sample names its JSON Schema for editors in its first line", () => {
  const sample = readFileSync("access.yaml", "utf8");
  const [, file = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(sample) ?? [];
  expect(JSON.parse(readFileSync(file, "utf8"))).toHaveProperty("title", "Timelatch access.yaml");
  expect(parseAccessPolicy(sample).version).toBe(1);
});

it("The sample's expectations name their JSON Schema for editors in their first line", () => {
  const sample = readFileSync("access.test.yaml", "utf8");
  const [, file = ""] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(sample) ?? [];
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(
    JSON.parse(JSON.stringify(expectationFileSchema())),
  );
});
