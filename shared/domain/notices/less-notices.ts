/** Tells requesters that an approver gave less than they asked for. */
import { isFinal } from "../requests/lifecycle.ts";
import { requester, type Situation } from "./audiences.ts";
import { decisionFacts } from "./decision-facts.ts";
import type { NoticeFacts, RequestNotice } from "./notice.ts";
import { noticeKey } from "./notice-key.ts";
import { offeredActions } from "./offered-actions.ts";

/**
 * One message of its own for each approval for less, once. A later one has overtaken the earlier ones,
 * which stay as they were sent. After the decision it is not updated: other messages show what follows.
 */
export function lessNotices(situation: Situation, facts: NoticeFacts): readonly RequestNotice[] {
  const { policy, request } = situation;
  const number = facts.less?.length ?? 0;
  if (number === 0) return [];
  const isPending = request.state === "pending";
  return requester(situation).map((audience) => ({
    subject: request.id,
    key: noticeKey("approved-less", audience, number),
    kind: "approved-less",
    audience,
    facts: decisionFacts(facts),
    actions: isPending ? offeredActions(policy, request, ["cancel"]) : [],
    send: !isFinal(request.state),
    precedence: isPending || request.state === "approved" ? "first" : "last",
    notBefore: null,
  }));
}
