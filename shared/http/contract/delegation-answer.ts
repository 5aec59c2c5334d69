/** Delegations, as clients read them. Instants are ISO 8601 UTC. */
import type { Delegation, DelegationState } from "../../domain/delegations/delegation.ts";
import { countsUntil, delegationState } from "../../domain/policy/delegated.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";

export interface DelegationAnswer extends Delegation {
  /** When it is over; the policy may have made that earlier since. */
  readonly until: string;
  readonly state: DelegationState;
}

/** `GET /v1/delegations`: the first to be over comes first. */
export interface DelegationList {
  readonly delegations: readonly DelegationAnswer[];
  /**
   * Send it back as `?cursor=` for the next page; absent on the last page. It holds for an hour.
   */
  readonly next?: string;
}

/** @param now ISO 8601 UTC */
export const delegationAnswer = (
  policy: AccessPolicy,
  delegation: Delegation,
  now: string,
): DelegationAnswer => ({
  ...delegation,
  until: countsUntil(policy, delegation),
  state: delegationState(policy, delegation, now),
});
