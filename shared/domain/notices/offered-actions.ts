import { isEscalatable } from "../policy/glass-rule.ts";
import { isAskedIn } from "../policy/glass-surface.ts";
import { type AccessPolicy, isMachine, memberOf, type Rule } from "../policy/policy.ts";
import { ruleOfRequest, underExtension } from "../policy/rule-of-request.ts";
import type { AccessRequest } from "../requests/request.ts";
import { shortenedMember } from "../requests/shortened.ts";
import type { RequesterStop } from "../stops/requester-stop.ts";
import type { NoticeAction } from "./notice.ts";

/** The actions of an approver on a request that waits for them. */
export const DECISIONS: readonly NoticeAction[] = ["approve", "approve-less", "deny", "details"];

/**
 * The actions that are offered on a message: none that its rule forbids there. Nobody approves less of
 * a break-glass or an extension. Access is extended where its rule says so, and once. A request becomes
 * break-glass where a rule lends the same.
 */
export function offeredActions(
  policy: AccessPolicy,
  request: AccessRequest,
  actions: readonly NoticeAction[],
): readonly NoticeAction[] {
  const rule = ruleOfRequest(policy, request);
  const member = memberOf(policy, request.requester);
  if (member && isMachine(member) && !actions.some((action) => OF_APPROVERS.has(action)))
    return request.state !== "pending" && actions.some((action) => ENDS.has(action))
      ? ["revoke"]
      : [];
  const decides = rule?.decideIn.includes("slack") ?? false;
  const isExtendable =
    actions.includes("extend") &&
    rule?.extend !== undefined &&
    request.extendedBy === undefined &&
    isExtendedHere(rule, request);
  const forbidden: readonly NoticeAction[] = [
    ...(decides ? [] : (["approve", "approve-less", "deny"] as const)),
    ...(isApprovedAsAsked(request) ? (["approve-less"] as const) : []),
    ...(isExtendable ? [] : (["extend"] as const)),
    ...(actions.includes("escalate") && !isEscalatable(policy, request)
      ? (["escalate"] as const)
      : []),
  ];
  return actions.filter((action) => !forbidden.includes(action));
}

/** The actions of a requester that end access: a machine's owners revoke in place of them. */
const ENDS: ReadonlySet<NoticeAction> = new Set(["return", "cancel"]);
const OF_APPROVERS: ReadonlySet<NoticeAction> = new Set(["approve", "revoke", "details", "review"]);

const isExtendedHere = (rule: Rule, grant: AccessRequest): boolean =>
  isAskedIn(underExtension(rule, shortenedMember(grant)), "slack");

const isApprovedAsAsked = ({ breakGlass, extends: predecessor }: AccessRequest): boolean =>
  breakGlass || predecessor !== undefined;

const REFUSED: ReadonlySet<NoticeAction> = new Set(["approve", "approve-less", "deny"]);

/** Without the decisions that the API refuses while the requester is suspended. */
export const decidableActions = (
  actions: readonly NoticeAction[],
  stop: RequesterStop | undefined,
): readonly NoticeAction[] => (stop ? actions.filter((action) => !REFUSED.has(action)) : actions);
