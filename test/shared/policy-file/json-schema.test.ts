import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { accessFileSchema } from "../../../shared/policy-file/json-schema.ts";

it("docs/access.schema.json is what npm run access-schema writes", () => {
  const written: unknown = JSON.parse(readFileSync("docs/access.schema.json", "utf8"));
  expect(written).toEqual(JSON.parse(JSON.stringify(accessFileSchema())));
});

it("The JSON Schema of access.yaml refuses unknown keys, at the top and in a rule", () => {
  expect(accessFileSchema()).toMatchObject({
    additionalProperties: false,
    properties: { rules: { items: { additionalProperties: false } } },
  });
});
