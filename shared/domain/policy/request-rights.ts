/** What a person may do with a request that exists; read anew each time somebody acts. */

import type { AccessRequest } from "../requests/request.ts";
import { mayApprove } from "./approval.ts";
import { type AccessPolicy, hasRole, type Member } from "./policy.ts";
import { holdersOf, ruleNamed } from "./policy-index.ts";

/** Everyone else is answered as if it did not exist. */
export const mayRead = (policy: AccessPolicy, member: Member, request: AccessRequest): boolean =>
  member.name === request.requester ||
  mayApprove(request.requirements, member) ||
  hasRole(policy, member, "admins") ||
  hasRole(policy, member, "auditors");

/** Admins, and those who could have approved it. Requesters return what they borrowed. */
export const mayRevoke = (policy: AccessPolicy, member: Member, request: AccessRequest): boolean =>
  hasRole(policy, member, "admins") || mayApprove(request.requirements, member);

/** Whether an approval would be by somebody who holds the principal that is elevated. */
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
