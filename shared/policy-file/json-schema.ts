import * as z from "zod/mini";
import { AccessPolicyFile } from "./access-policy-file.ts";
import { PersonName } from "./file-values.ts";
import { PeopleFile, PeopleOrInclude } from "./people/people-file.ts";
import { PolicyTestsFile } from "./policy-tests/policy-tests-file.ts";

/**
 * The JSON Schema of `access.yaml`, for editors, from the schema that parses it. It knows keys and
 * types. Further conditions, such as an ARN's form, are checked only by parsing.
 * https://json-schema.org/draft/2020-12
 */
export const accessFileSchema = (): object =>
  schemaOf("Timelatch access.yaml", z.extend(AccessPolicyFile, { people: PeopleOrInclude }));

/** The same of a file of people that it includes. */
export const peopleFileSchema = (): object => schemaOf("Timelatch people.yaml", PeopleFile);

/** The same of `access.test.yaml`. */
export const expectationFileSchema = (): object =>
  schemaOf("Timelatch access.test.yaml", PolicyTestsFile);

/** An object that also has a fixed key says nothing of the names of its other keys. */
const NAMES = z.toJSONSchema(z.record(PersonName, z.unknown())).propertyNames;

const schemaOf = (title: string, file: z.ZodMiniType): object => ({
  title,
  ...z.toJSONSchema(file, {
    io: "input",
    // Zod leaves out defaults and examples where a value is transformed, such as a duration.
    override: ({ zodSchema, jsonSchema }) => {
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema));
      if (zodSchema === PeopleOrInclude && NAMES) jsonSchema.propertyNames = NAMES;
    },
  }),
});
