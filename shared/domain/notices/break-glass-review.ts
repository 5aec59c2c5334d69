import { skippedApprovers } from "../policy/skipped-approvers.ts";
import type { Situation } from "./audiences.ts";
import type { NoticeFacts } from "./notice.ts";

/** The approvers that a break-glass skipped, and its review: no other message changes with it. */
export function withBreakGlassReview(facts: NoticeFacts, situation: Situation): NoticeFacts {
  const { policy, request } = situation;
  const { review } = request;
  const skipped = skippedApprovers(policy, request);
  return { ...facts, breakGlassReview: { skipped, ...(review ? { review } : {}) } };
}
