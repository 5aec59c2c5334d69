/** The structure of a rule's `review` in `access.yaml`, and what holds without it. */
import * as z from "zod/mini";
import type { RuleReview } from "../../domain/policy/policy.ts";
import { LaterDuration, Name, some } from "../file-values.ts";
import { key } from "../key-notes.ts";

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
