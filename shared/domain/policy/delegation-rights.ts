/**
 * Rights of a person on an existing delegation. Everyone else gets the answer for an unknown delegation.
 */
import type { Delegation } from "../delegations/delegation.ts";
import { type AccessPolicy, hasRole, isMachine, type Member } from "./policy.ts";

const isPartOf = ({ name }: Pick<Member, "name">, { by, to }: Delegation): boolean =>
  by === name || to === name;

/** Its delegator, its delegate, admins and auditors. */
export const mayReadDelegation = (
  policy: AccessPolicy,
  member: Member,
  delegation: Delegation,
): boolean => mayEndDelegation(policy, member, delegation) || hasRole(policy, member, "auditors");

/** Its delegator, its delegate, and admins. No machine has a part in one. */
export const mayEndDelegation = (
  policy: AccessPolicy,
  member: Member,
  delegation: Delegation,
): boolean =>
  !isMachine(member) && (isPartOf(member, delegation) || hasRole(policy, member, "admins"));
