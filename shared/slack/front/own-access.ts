/** Somebody's access and open requests, as a list of blocks with buttons. */
import type { NoticeAction } from "../../domain/notices/notice.ts";
import { offeredActions } from "../../domain/notices/offered-actions.ts";
import { needsOf } from "../../domain/policy/needs.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { deciderText } from "../../domain/requests/decider-text.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import { dateLine, type Json, section } from "../blocks.ts";
import { requestButton } from "../button.ts";
import { LISTED_UNTIL, listedLines, underWayText } from "../texts/form-texts.ts";

/** The actions of its own requester on a request, whatever its rule says. */
const OWN_ACTIONS: Readonly<Record<State, readonly NoticeAction[]>> = {
  pending: ["escalate", "cancel", "details"],
  approved: ["cancel", "details"],
  active: ["extend", "return", "details"],
  ending: ["details"],
  ended: ["ask-again"],
  denied: ["ask-again"],
  cancelled: ["ask-again"],
  lapsed: ["ask-again"],
  failed: ["ask-again"],
};

/** The actions of its own requester on a request. */
export const ownActions = (policy: AccessPolicy, request: AccessRequest): readonly NoticeAction[] =>
  offeredActions(policy, request, OWN_ACTIONS[request.state]);

/** One request: what it is and why, how far it is, until when, and its buttons. @param notes further lines of it */
export const requestBlocks = (
  policy: AccessPolicy,
  request: AccessRequest,
  actions: readonly NoticeAction[],
  notes: readonly string[] = [],
): readonly Json[] => [
  section([...listedLines(request), ...underWay(policy, request), ...notes]),
  ...untilLine(request),
  { type: "actions", elements: actions.map((action) => requestButton(action, request)) },
];

/** The approvals of a request that has some and needs more. */
function underWay(policy: AccessPolicy, request: AccessRequest): readonly string[] {
  if (request.approvals.length === 0) return [];
  const open = needsOf(policy, request).reduce((sum, { count }) => sum + count, 0);
  return open === 0 ? [] : [underWayText(request.approvals.map(deciderText), open)];
}

function untilLine({ state, lapsesAt, expiresAt }: AccessRequest): readonly Json[] {
  if (state === "pending") return [dateLine(LISTED_UNTIL.pending, lapsesAt)];
  return (state === "approved" || state === "active") && expiresAt !== null
    ? [dateLine(LISTED_UNTIL[state], expiresAt)]
    : [];
}
