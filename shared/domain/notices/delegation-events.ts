import type { Delegation } from "../delegations/delegation.ts";
import type { DelegationRecord } from "../delegations/delegation-record.ts";
import { countsUntil, delegationState } from "../policy/delegated.ts";
import type { AccessPolicy } from "../policy/policy.ts";
import type { BusEvent, StepEvent } from "./bus-event.ts";
import { delegationSubject } from "./subject.ts";

/**
 * Events of a delegation, made or ended early: each record, with the delegation as it stands at
 * `now`. The proof of who acted is left out: it is for auditors only.
 */
export const delegationEvents = (
  policy: AccessPolicy,
  delegation: Delegation,
  records: readonly DelegationRecord[],
  now: string,
): readonly StepEvent[] =>
  records.map(({ seq, type, actor, at, hash, details: { surface } }) => ({
    subject: delegationSubject(delegation.id),
    seq,
    type,
    at,
    detail: {
      id: `${delegation.id}#${seq}`,
      delegationId: delegation.id,
      event: { seq, type, actor, at, details: { surface }, hash },
      delegation: summaryOf(policy, delegation, now),
    },
  }));

/** That its time is over. Nobody did that, so it is no record. Its id is the same each time. */
export function delegationOver(
  policy: AccessPolicy,
  delegation: Delegation,
  now: string,
): readonly BusEvent[] {
  if (delegationState(policy, delegation, now) !== "over") return [];
  const { id } = delegation;
  const type = "delegation-over";
  const at = countsUntil(policy, delegation);
  const detail = {
    id: `${id}#over`,
    delegationId: id,
    delegation: summaryOf(policy, delegation, now),
  };
  return [{ subject: delegationSubject(id), type, at, detail }];
}

function summaryOf(policy: AccessPolicy, delegation: Delegation, now: string) {
  const { by, to, from, ended } = delegation;
  const until = countsUntil(policy, delegation);
  return { by, to, from, until, state: delegationState(policy, delegation, now), ended };
}
