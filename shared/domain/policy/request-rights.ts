/** Rights of a person on an existing request. Checked again for every action. */

import type { AccessRequest, Requirement } from "../requests/request.ts";
import { askedFrom, askedGroups, namedFirst } from "../requests/requirement.ts";
import { mayApprove } from "./approval.ts";
import { standingFault } from "./delegated.ts";
import { owns, ownsWhoAsks } from "./machines.ts";
import { type AccessPolicy, hasRole, isMachine, type Member, memberOf } from "./policy.ts";
import { holdersOf, ruleNamed } from "./policy-index.ts";
import { isReviewer } from "./review-rights.ts";
import { ruleOfRequest } from "./rule-of-request.ts";

/**
 * Everyone else gets the same answer as for a request that does not exist.
 * @param delegators people for whom the member may decide now
 */
export const mayRead = (
  policy: AccessPolicy,
  member: Member,
  request: AccessRequest,
  delegators: readonly Member[] = [],
): boolean =>
  member.name === request.requester ||
  owns(policy, member, request.requester) ||
  request.approvals.some(({ person }) => person === member.name) ||
  delegators.some((delegator) => mayDecideFor(policy, delegator, request)) ||
  mayApprove(request.requirements, member) ||
  isReviewer(member, request) ||
  hasRole(policy, member, "admins") ||
  hasRole(policy, member, "auditors");

/** Whether a delegate may see, and be asked about, what their delegator could decide on. */
export const mayDecideFor = (
  policy: AccessPolicy,
  delegator: Member,
  request: AccessRequest,
): boolean =>
  mayApprove(request.requirements, delegator) &&
  standingFault(policy, ruleNamed(policy, request.rule), request, delegator) === undefined;

/** Admins, everyone who could approve it, and a machine's owners. Requesters return their grants instead. */
export const mayRevoke = (policy: AccessPolicy, member: Member, request: AccessRequest): boolean =>
  hasRole(policy, member, "admins") ||
  mayApprove(request.requirements, member) ||
  owns(policy, member, request.requester);

/** Whether a person who decides holds the principal that would be elevated. */
export const holdsPrincipal = (
  policy: AccessPolicy,
  member: Member,
  request: AccessRequest,
): boolean => {
  const rule = ruleNamed(policy, request.rule);
  return (
    rule?.approverMayHoldPrincipal !== true &&
    holdersOf(policy, request.principalArn).includes(member.name)
  );
};

/**
 * Whether a person is asked to approve by `now`. Members of a second circle may approve from the
 * start, and are asked when their time comes.
 */
const isAsked = (
  policy: AccessPolicy,
  { name, groups, machine }: Member,
  request: AccessRequest,
  now: string,
): boolean =>
  !isMachine({ machine }) &&
  (ruleOfRequest(policy, request)?.approval ?? request.requirements).some(
    (need) =>
      askedGroups(need, request.createdAt, now).some((group) => groups.includes(group)) &&
      !isAskedLater(policy, need, request, now, name),
  );

/** Whether others of a requirement are on call, so that a person's own time has not come. */
function isAskedLater(
  policy: AccessPolicy,
  need: Requirement,
  request: AccessRequest,
  now: string,
  name: string,
): boolean {
  if (!need.escalate || askedFrom(need.escalate, request.createdAt) <= now) return false;
  const first = namedFirst(need, request).filter((one) =>
    memberOf(policy, one)?.groups.some((group) => need.groups.includes(group)),
  );
  return first.length > 0 && !first.includes(name);
}

/**
 * Whether a person is asked by `now`, for themselves or for one of their delegators. Nobody is asked
 * for a place that an approval has taken: their own, or that of the delegator.
 */
export function isAskedAsAny(
  policy: AccessPolicy,
  member: Member,
  delegators: readonly Member[],
  request: AccessRequest,
  now: string,
): boolean {
  const taken = request.approvals.flatMap(({ person, onBehalfOf }) => [person, onBehalfOf?.person]);
  if (taken.includes(member.name)) return false;
  if (ownsWhoAsks(policy, member, request.requester)) return false;
  return (
    isAsked(policy, member, request, now) ||
    delegators.some(
      (delegator) =>
        !taken.includes(delegator.name) &&
        mayDecideFor(policy, delegator, request) &&
        isAsked(policy, delegator, request, now),
    )
  );
}
