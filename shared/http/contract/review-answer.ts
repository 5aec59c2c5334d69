/** The review that follows a break-glass, as clients read it before they ask. */
import type { RuleReview } from "../../domain/policy/policy.ts";
import { formatDuration } from "../../domain/values/duration.ts";

export interface ReviewAnswer {
  /** Groups of `access.yaml`. */
  readonly by: readonly string[];
  /** Everyone who could close it: never the caller. */
  readonly people: readonly string[];
  /** How long after the grant's start it is due: `2d`. */
  readonly within: string;
  readonly withinSeconds: number;
  /** Whether an overdue review of the caller's refuses them the rule. */
  readonly block: boolean;
}

/** @param people who could close it; undefined under a rule that opens no review */
export const reviewAnswer = (
  review: RuleReview | undefined,
  people: readonly string[],
): { readonly review?: ReviewAnswer } => {
  if (!review) return {};
  const { by, withinSeconds, block } = review;
  return { review: { by, people, within: formatDuration(withinSeconds), withinSeconds, block } };
};
