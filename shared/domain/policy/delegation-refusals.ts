/** Why nobody decides on somebody's behalf, in sentences. */
import type { Delegation, DelegationState } from "../delegations/delegation.ts";
import type { AccessRequest } from "../requests/request.ts";
import { BrokerError } from "../values/errors.ts";
import { countsUntil, mayBeDelegate, type StandingFault } from "./delegated.ts";
import { type AccessPolicy, isMachine, memberOf } from "./policy.ts";

export const notDelegated = (name: string) =>
  new BrokerError(
    "not-delegated",
    `${name} has not delegated to you. Nothing was changed; see who delegates to you, or ask them to decide.`,
  );

/** Somebody ended it while the decision was made. */
export const noLongerDelegated = (delegator: string) =>
  new BrokerError(
    "delegation-ended",
    `${delegator}'s delegation to you was ended. Nothing was changed; ask ${delegator} to decide.`,
  );

/** Why a delegation does not count at an instant. */
export function notInForce(
  policy: AccessPolicy,
  delegation: Delegation,
  state: DelegationState,
): BrokerError {
  const { by, from } = delegation;
  if (!policy.delegations) return delegationsOff();
  if (!memberOf(policy, by)) return delegatorLostStanding(by);
  if (state === "ended") return noLongerDelegated(by);
  const delegate = memberOf(policy, delegation.to);
  if (delegate && !mayBeDelegate(policy, delegate)) return notADelegate(policy, delegate.name);
  const when =
    state === "coming" ? `begins at ${from}` : `was over at ${countsUntil(policy, delegation)}`;
  return new BrokerError(
    "delegation-over",
    `${by}'s delegation to you ${when}. Nothing was changed; ask ${by} to decide, or to delegate again.`,
  );
}

export const delegationsOff = () =>
  new BrokerError(
    "delegations-off",
    "access.yaml does not allow delegations. Nothing was changed; ask an approver to decide.",
  );

export function notADelegate(policy: AccessPolicy, name: string): BrokerError {
  const delegate = memberOf(policy, name);
  const members = policy.delegations?.toGroups?.join(", ");
  const why =
    delegate && isMachine(delegate)
      ? `${name} is a machine, and no machine decides for others.`
      : `access.yaml lets only members of ${members} decide for others, and ${name} is in no such group.`;
  const next = members === undefined ? "name a person" : "name a member";
  return new BrokerError(
    "not-a-delegate",
    `${why} Nothing was changed; ${next}, or ask an approver to decide.`,
  );
}

export const delegatorLostStanding = (delegator: string) =>
  new BrokerError(
    "delegator-lost-standing",
    `${delegator} may not decide on this, so nobody may for them. Nothing was changed; ask one of its approvers.`,
  );

/** Why nobody decides for a delegator whose standing counts otherwise. */
export function standingRefusal(
  fault: StandingFault,
  { requester, rule, principalArn }: Pick<AccessRequest, "requester" | "rule" | "principalArn">,
  delegator: string,
): BrokerError {
  switch (fault) {
    case "not-delegable":
      return new BrokerError(
        "not-delegable",
        `${rule} lets only its approvers themselves decide. Nothing was changed; ask ${delegator} to decide.`,
      );
    case "delegator-asked":
      return new BrokerError(
        "delegator-asked",
        `${delegator} asked for this, so nobody decides on it for them. Nothing was changed; ask another approver to decide.`,
      );
    case "delegator-owns-machine":
      return new BrokerError(
        "delegator-asked",
        `${delegator} owns the machine ${requester}, so nobody decides on this for them. Nothing was changed; ask another approver to decide.`,
      );
    case "delegator-holds-principal":
      return new BrokerError(
        "delegator-holds-principal",
        `${delegator} holds ${principalArn}, so the access would be theirs too. Nothing was changed; ask another approver to decide.`,
      );
  }
}
