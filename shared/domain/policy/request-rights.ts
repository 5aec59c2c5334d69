/** What a person may do with an existing request. Checked again for every action. */

import type { AccessRequest } from "../requests/request.ts";
import { askedGroups } from "../requests/requirement.ts";
import { mayApprove } from "./approval.ts";
import { type AccessPolicy, hasRole, type Member } from "./policy.ts";
import { holdersOf, ruleNamed } from "./policy-index.ts";
import { isReviewer } from "./review-rights.ts";
import { ruleOfRequest } from "./rule-of-request.ts";

/** Everyone else gets the same answer as for a request that does not exist. */
export const mayRead = (policy: AccessPolicy, member: Member, request: AccessRequest): boolean =>
  member.name === request.requester ||
  mayApprove(request.requirements, member) ||
  isReviewer(member, request) ||
  hasRole(policy, member, "admins") ||
  hasRole(policy, member, "auditors");

/** Admins, and everyone who could approve it. Requesters return their grants instead. */
export const mayRevoke = (policy: AccessPolicy, member: Member, request: AccessRequest): boolean =>
  hasRole(policy, member, "admins") || mayApprove(request.requirements, member);

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
export const isAsked = (
  policy: AccessPolicy,
  { groups }: Member,
  request: AccessRequest,
  now: string,
): boolean =>
  (ruleOfRequest(policy, request)?.approval ?? request.requirements).some((need) =>
    askedGroups(need, request.createdAt, now).some((group) => groups.includes(group)),
  );
