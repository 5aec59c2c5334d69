/** The structure of `delegations`. */
import * as z from "zod/mini";
import { Duration, Name } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

export const DELEGATION_NOTES = {
  delegations: {
    description: "Whether people may let others approve for them for a while. Absent, nobody may.",
    default: null,
    examples: [{ allowed: true, longest: "21d" }],
  },
  "delegations.allowed": {
    description: "Set to false, every delegation stops counting at once.",
    examples: [true],
  },
  "delegations.longest": {
    description:
      "The longest delegation, from 1h to 90d. A shorter time counts at once, also for those that exist.",
    default: "21d",
    examples: ["14d"],
  },
  "delegations.to": {
    description: "Who may be a delegate. Absent, everybody in the file may.",
    default: null,
    examples: [{ groups: ["sre"] }],
  },
  "delegations.to.groups": {
    description:
      "A delegate has to be in one of these groups, when the delegation is made and whenever it is used.",
    examples: [["sre"]],
  },
} as const satisfies KeyNotes;

const key = keyWith(DELEGATION_NOTES);

const SHORTEST_SECONDS = 3_600;
const LONGEST_SECONDS = 90 * 86_400;
/** Three weeks of holidays. */
const USUAL_SECONDS = 21 * 86_400;

export const DelegationsFile = z.strictObject({
  allowed: key("delegations.allowed", z.boolean()),
  longest: key(
    "delegations.longest",
    z.optional(
      Duration.check(
        z.refine(
          (seconds) => seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS,
          "Write a time from 1h to 90d.",
        ),
      ),
    ),
  ),
  to: key(
    "delegations.to",
    z.optional(
      z.strictObject({
        groups: key("delegations.to.groups", z.array(Name).check(z.minLength(1))),
      }),
    ),
  ),
});

/** Undefined where nobody may delegate. */
export const compileDelegations = (file: z.output<typeof DelegationsFile> | undefined) =>
  file?.allowed
    ? {
        longestSeconds: file.longest ?? USUAL_SECONDS,
        ...(file.to ? { toGroups: file.to.groups } : {}),
      }
    : undefined;
