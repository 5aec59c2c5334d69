import { type Situation, skippedApprovers } from "./audiences.ts";
import type { NoticeFacts } from "./notice.ts";

/** Whom a break-glass went past, and its review: no other message changes with it. */
export function loudFacts(facts: NoticeFacts, situation: Situation): NoticeFacts {
  const { review } = situation.request;
  return {
    ...facts,
    loud: { skipped: skippedApprovers(situation), ...(review ? { review } : {}) },
  };
}
