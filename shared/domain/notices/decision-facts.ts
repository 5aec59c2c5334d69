import type { State } from "../requests/request.ts";
import type { RequesterStop } from "../stops/requester-stop.ts";
import type { NoticeFacts } from "./notice.ts";

const AFTER_APPROVAL: readonly State[] = ["active", "ending", "ended", "failed"];

/** A message about a decision ends with it: what follows would be many updates for nobody. */
export function decisionFacts(facts: NoticeFacts): NoticeFacts {
  const isApproved = AFTER_APPROVAL.includes(facts.state) && facts.approvers.length > 0;
  return isApproved ? { ...facts, state: "approved", endedAt: null, outcome: null } : facts;
}

/** The facts of a message that asks for a decision. @param stop the requester's suspension */
export const withRequesterStop = (
  facts: NoticeFacts,
  stop: RequesterStop | undefined,
): NoticeFacts => (stop ? { ...facts, suspended: stop } : facts);
