/**
 * A delegation: somebody approves with another person's standing for a while. Its records say the
 * same as events, and are what converge believes. Instants are ISO 8601 UTC.
 */
import { continues, NO_RECORD } from "../values/hash-chain.ts";
import { isInstant } from "../values/instant.ts";
import type { DelegationRecord } from "./delegation-record.ts";

export interface Delegation {
  /** UUIDv7. */
  readonly id: string;
  /** The delegator: a person of `access.yaml`. */
  readonly by: string;
  /** The delegate: a person of `access.yaml`. */
  readonly to: string;
  /** In force from here on. */
  readonly from: string;
  /** No longer in force from here on. */
  readonly until: string;
  readonly createdAt: string;
  /** Null unless somebody ended it before its time. */
  readonly ended: { readonly person: string; readonly at: string } | null;
}

/**
 * The delegation that its records make up; undefined where they are no whole chain of one
 * delegation. Trusts nothing stored.
 *
 * @param records of one chain, oldest first
 */
export function delegationOf(
  id: string,
  records: readonly DelegationRecord[],
): Delegation | undefined {
  const [made, end, ...more] = records;
  if (made?.type !== "delegate" || more.length > 0 || !isChain(id, records)) return undefined;
  if (end && end.type !== "undelegate") return undefined;
  const { actor: by, at: createdAt, details } = made;
  const { to, from, until } = details;
  if (![createdAt, from, until, ...(end ? [end.at] : [])].every(isInstant)) return undefined;
  return {
    id,
    by,
    to,
    from,
    until,
    createdAt,
    ended: end ? { person: end.actor, at: end.at } : null,
  };
}

const isChain = (id: string, records: readonly DelegationRecord[]): boolean =>
  records.every(
    (record, at) => record.delegationId === id && continues(record, records[at - 1] ?? NO_RECORD),
  );

/** The states of a delegation at an instant. */
export const DELEGATION_STATES = ["coming", "in-force", "over", "ended"] as const;

export type DelegationState = (typeof DELEGATION_STATES)[number];

/** @param until when it is over, which the policy may have made earlier */
export function stateOf(
  { from, createdAt, ended }: Delegation,
  until: string,
  at: string,
): DelegationState {
  if (ended !== null && ended.at <= at) return "ended";
  if (until <= at) return "over";
  return from <= at && createdAt <= at ? "in-force" : "coming";
}
