/** Somebody's access and open requests, as a list of blocks with buttons. */
import type { NoticeAction } from "../../domain/notices/notice.ts";
import { offeredActions } from "../../domain/notices/offered-actions.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import { dateLine, type Json, section } from "../blocks.ts";
import { requestButton } from "../button.ts";
import { LISTED_UNTIL, listedLines } from "../texts/form-texts.ts";

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

/** One request: what it is and why, until when, and its buttons. @param notes further lines of it */
export const requestBlocks = (
  request: AccessRequest,
  actions: readonly NoticeAction[],
  notes: readonly string[] = [],
): readonly Json[] => [
  section([...listedLines(request), ...notes]),
  ...untilLine(request),
  { type: "actions", elements: actions.map((action) => requestButton(action, request)) },
];

function untilLine({ state, lapsesAt, expiresAt }: AccessRequest): readonly Json[] {
  if (state === "pending") return [dateLine(LISTED_UNTIL.pending, lapsesAt)];
  return (state === "approved" || state === "active") && expiresAt !== null
    ? [dateLine(LISTED_UNTIL[state], expiresAt)]
    : [];
}
