import * as z from "zod/mini";
import { AccessPolicyFile } from "./access-policy-file.ts";
import { ExpectationFile } from "./expectation-file.ts";

/**
 * The JSON Schema of `access.yaml`, for editors, from the schema that parses it. It knows keys and
 * types. What a value must also fulfil, such as an ARN's form, only parsing checks.
 * https://json-schema.org/draft/2020-12
 */
export const accessFileSchema = (): object => schemaOf("Timelatch access.yaml", AccessPolicyFile);

/** The same of `access.test.yaml`. */
export const expectationFileSchema = (): object =>
  schemaOf("Timelatch access.test.yaml", ExpectationFile);

const schemaOf = (title: string, file: z.ZodMiniType): object => ({
  title,
  ...z.toJSONSchema(file, {
    io: "input",
    // Zod leaves out defaults and examples where a value is transformed, such as a duration.
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
    },
  }),
});
