/** The structure of a file of people, and of the name by which `access.yaml` includes it. */
import * as z from "zod/mini";
import { KEY_NOTES } from "../access-policy-file.ts";
import { PersonName } from "../file-values.ts";
import { keyWith } from "../noted.ts";
import { PersonFile } from "./person-file.ts";

const key = keyWith(KEY_NOTES);

/** Only a name: no folder, so that no path leads out of the folder of `access.yaml`. */
export const IncludeName = z
  .string("Write the name of a file beside this one, such as people.yaml. No person is called so.")
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.ya?ml$/,
      "Write the name of a file beside this one, without a folder, such as people.yaml.",
    ),
  );

/** `people.yaml`: people have the keys that they have in `access.yaml`. */
export const PeopleFile = z.strictObject({
  version: key("version", z.literal(1)),
  people: key("people", z.record(PersonName, PersonFile)),
});

/**
 * The form of `people.yaml` before anything is read of the people, who are judged with the policy.
 */
export const PeopleFileFrame = z.strictObject({
  version: z.literal(1),
  people: z.record(z.string(), z.unknown()),
});

/** `people` of `access.yaml` as an editor sees it: people, and the file with others. */
export const PeopleOrInclude = key(
  "people",
  z.catchall(
    z.object({ include: key("people.include", z.exactOptional(IncludeName)) }),
    PersonFile,
  ),
);
