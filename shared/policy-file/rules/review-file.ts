/** The structure of a rule's `review` in `access.yaml`, and what holds without it. */
import * as z from "zod/mini";
import type { RuleReview } from "../../domain/policy/policy.ts";
import { LaterDuration, Name, some } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

export const REVIEW_NOTES = {
  "rules.*.review": {
    description:
      "With breakGlass: who looks at each grant afterwards, and closes its review with a note.",
    default: {},
    examples: [{ by: ["platform"], within: "2d" }],
  },
  "rules.*.review.by": {
    description:
      "Members of any of these groups close it, but never who asked; without it, roles.admins.",
    default: null,
    examples: [["platform"]],
  },
  "rules.*.review.within": {
    description: "How long after the grant's start the review is due.",
    default: "2d",
    examples: ["2d"],
  },
  "rules.*.review.block": {
    description: "Refuses the rule to a person who has an overdue review under it.",
    default: false,
    examples: [true],
  },
} as const satisfies KeyNotes;

const key = keyWith(REVIEW_NOTES);

export const ReviewFile = z.strictObject({
  by: key("rules.*.review.by", z.optional(some(Name))),
  within: key("rules.*.review.within", z.optional(LaterDuration)),
  block: key("rules.*.review.block", z.optional(z.boolean())),
});

/** Without a word in the file, admins review within two days. */
const WITHIN_SECONDS = 2 * 86_400;

/** The review of a break-glass rule. @param admins groups of the role */
export const compileReview = (
  review: z.output<typeof ReviewFile> | undefined,
  admins: readonly string[],
): RuleReview => ({
  by: review?.by ?? admins,
  withinSeconds: review?.within ?? WITHIN_SECONDS,
  block: review?.block ?? false,
});
