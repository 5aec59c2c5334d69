/** The structure of a requirement: of a rule's `approval`, and of its `agents`. */
import * as z from "zod/mini";
import { MOST_APPROVALS } from "../../domain/requests/requirement.ts";
import { LaterDuration, Name, some } from "../file-values.ts";
import { type KeyNote, keyWith } from "../noted.ts";

const NOTES = {
  groups: {
    description: "Groups whose members may approve.",
    examples: [["payments-leads"]],
  },
  count: {
    description: "How many of them must approve, 1 to 10.",
    default: 1,
    examples: [2],
  },
  onCall: {
    description:
      "A schedule. Of the groups, those who are on call in it are asked first, and the others by escalate. It says never who may decide.",
    default: null,
    examples: ["primary"],
  },
  escalate: {
    description:
      "A second circle. Its members may approve from the start, and are asked when nobody approved in time.",
    default: null,
    examples: [{ after: "15m", groups: ["sre"] }],
  },
  "escalate.after": {
    description: "How long after the request they are asked, at least one minute.",
    examples: ["15m"],
  },
  "escalate.groups": {
    description: "Groups whose members are asked then.",
    examples: [["sre"]],
  },
} as const satisfies Readonly<Record<string, KeyNote>>;

type At<Path extends string> = {
  readonly [Key in keyof typeof NOTES & string as `${Path}.${Key}`]: (typeof NOTES)[Key];
};

/** The notes on the keys of requirements that stand under a path. */
export const requirementNotes = <Path extends string>(path: Path): At<Path> =>
  Object.fromEntries(
    Object.entries(NOTES).map(([key, note]) => [`${path}.${key}`, note]),
  ) as unknown as At<Path>;

const key = keyWith(NOTES);

export const RequirementFile = z.strictObject({
  groups: key("groups", some(Name)),
  count: key("count", z.optional(z.int().check(z.gte(1), z.lte(MOST_APPROVALS)))),
  onCall: key("onCall", z.optional(Name)),
  escalate: key(
    "escalate",
    z.optional(
      z.strictObject({
        after: key("escalate.after", LaterDuration),
        groups: key("escalate.groups", some(Name)),
      }),
    ),
  ),
});
