/** Whether a delegation counts, under the policy of today. Judged at an instant that is stored. */
import { type Delegation, type DelegationState, stateOf } from "../delegations/delegation.ts";
import type { AccessRequest, Approval } from "../requests/request.ts";
import { plusSeconds } from "../values/instant.ts";
import { ownsWhoAsks } from "./machines.ts";
import { type AccessPolicy, isMachine, type Member, memberOf, type Rule } from "./policy.ts";
import { holdersOf } from "./policy-index.ts";

/** The end of a delegation: a policy that allows less than when it was made counts at once. */
export function countsUntil(
  { delegations }: AccessPolicy,
  { from, until }: Pick<Delegation, "from" | "until">,
): string {
  const latest = plusSeconds(from, delegations?.longestSeconds ?? 0);
  return until < latest ? until : latest;
}

/** @param at ISO 8601 UTC */
export const delegationState = (
  policy: AccessPolicy,
  delegation: Delegation,
  at: string,
): DelegationState => stateOf(delegation, countsUntil(policy, delegation), at);

/** Whether the policy lets a person decide for others at all. A machine never does. */
export const mayBeDelegate = (
  { delegations }: AccessPolicy,
  { groups, machine }: Pick<Member, "groups" | "machine">,
): boolean =>
  delegations !== undefined &&
  !isMachine({ machine }) &&
  (delegations.toGroups === undefined ||
    groups.some((group) => delegations.toGroups?.includes(group)));

/** Whether the policy lets the delegate decide for the delegator at an instant. */
export function isInForce(policy: AccessPolicy, delegation: Delegation, at: string): boolean {
  const delegate = memberOf(policy, delegation.to);
  const delegator = memberOf(policy, delegation.by);
  return (
    delegation.by !== delegation.to &&
    delegator !== undefined &&
    !isMachine(delegator) &&
    delegate !== undefined &&
    mayBeDelegate(policy, delegate) &&
    delegationState(policy, delegation, at) === "in-force"
  );
}

/** Whether an approval on somebody's behalf was given under the delegation that it names. */
export const isCoveredBy = (
  policy: AccessPolicy,
  delegation: Delegation | undefined,
  { person, onBehalfOf, at }: Approval,
): boolean =>
  delegation !== undefined &&
  delegation.id === onBehalfOf?.delegation &&
  delegation.by === onBehalfOf.person &&
  delegation.to === person &&
  isInForce(policy, delegation, at);

/** Whether a person had a part in what is asked: they asked, own the machine that did, or hold the principal. */
export const isPartyTo = (
  policy: AccessPolicy,
  rule: Pick<Rule, "approverMayHoldPrincipal"> | undefined,
  { requester, principalArn }: Pick<AccessRequest, "requester" | "principalArn">,
  name: string,
): boolean =>
  name === requester ||
  ownsWhoAsks(policy, { name }, requester) ||
  (rule?.approverMayHoldPrincipal !== true && holdersOf(policy, principalArn).includes(name));

/** Why nobody may decide for a delegator on a request, whatever the delegation says. */
export type StandingFault =
  | "not-delegable"
  | "delegator-asked"
  | "delegator-owns-machine"
  | "delegator-holds-principal";

/** @returns undefined where the delegator's standing may be lent for this request */
export function standingFault(
  policy: AccessPolicy,
  rule: Rule | undefined,
  request: Pick<AccessRequest, "requester" | "principalArn">,
  { name }: Pick<Member, "name">,
): StandingFault | undefined {
  if (rule?.delegable === false) return "not-delegable";
  if (name === request.requester) return "delegator-asked";
  if (ownsWhoAsks(policy, { name }, request.requester)) return "delegator-owns-machine";
  return isPartyTo(policy, rule, request, name) ? "delegator-holds-principal" : undefined;
}
