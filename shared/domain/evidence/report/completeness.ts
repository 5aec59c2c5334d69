/**
 * Whether everything that CloudTrail shows is accounted for, and the reverse. Additions and changes
 * of access are calls on record, explained calls of ours, listed findings, or expected.
 */
import type { RecordedCall } from "../calls/recorded-call.ts";
import { type EntryOperation, eventKeyOf, type TrailEvent } from "../trail/trail-event.ts";

/** Operations that can give somebody access. */
export const GIVING: ReadonlySet<EntryOperation> = new Set([
  "CreateAccessEntry",
  "UpdateAccessEntry",
  "AssociateAccessPolicy",
]);

/** An event of CloudTrail, as far as a reconciliation needs it. */
export type GivenEvent = Pick<TrailEvent, "eventId" | "addendum" | "operation" | "errorCode">;

/** The records about the period. Events are named by `eventKeyOf`. */
export interface Accounts {
  /** Calls of ours that EKS answered. */
  readonly calls: readonly Pick<RecordedCall, "eksRequestId" | "operation" | "result">[];
  /** By the request id of a confirmed call: the key of the event that confirms it. */
  readonly confirmed: ReadonlyMap<string, string>;
  readonly explained: ReadonlySet<string>;
  readonly findings: ReadonlySet<string>;
  readonly expected: ReadonlySet<string>;
  /** Keys of events whose records are not what CloudTrail's files say. */
  readonly contradicted?: readonly string[];
}

export interface Completeness {
  /** Events that gave or changed access, each counted once. */
  readonly events: number;
  readonly confirmedCalls: number;
  readonly explained: number;
  readonly findings: number;
  readonly expected: number;
  /** Keys of events that nothing accounts for. */
  readonly unaccounted: readonly string[];
  /** Keys of events that two of the lists account for. */
  readonly accountedTwice: readonly string[];
  /** Request ids of calls on record that no event of the period confirms. */
  readonly unseenCalls: readonly string[];
  /** Keys of events of which a record says something else than CloudTrail's own files, or which these lack. */
  readonly contradicted: readonly string[];
  /** Whether the numbers agree: none of the four lists has a name. */
  readonly isComplete: boolean;
}

/**
 * Holds the events of a period against the accounts of the same period. Failed calls gave nothing,
 * and repeated events count once.
 */
export function reconcile(events: readonly GivenEvent[], accounts: Accounts): Completeness {
  const keys = new Set(events.filter(hasGiven).map(eventKeyOf));
  const calls = accounts.calls.filter(
    ({ operation, result }) => result === "ok" && GIVING.has(operation),
  );
  const callKeys = calls.flatMap(({ eksRequestId }) => accounts.confirmed.get(eksRequestId) ?? []);
  const { explained, findings, expected, contradicted = [] } = accounts;
  const lists = [new Set(callKeys), explained, findings, expected];
  const timesListed = (key: string) => lists.filter((list) => list.has(key)).length;
  const counted = lists.map((list) => [...list].filter((key) => keys.has(key)).length);
  const [confirmedCalls = 0, explainedCount = 0, findingCount = 0, expectedCount = 0] = counted;
  const unaccounted = [...keys].filter((key) => timesListed(key) === 0).sort();
  const accountedTwice = [...keys].filter((key) => timesListed(key) > 1).sort();
  const unseenCalls = calls
    .map(({ eksRequestId }) => eksRequestId)
    .filter((id) => !keys.has(accounts.confirmed.get(id) ?? ""))
    .sort();
  return {
    events: keys.size,
    confirmedCalls,
    explained: explainedCount,
    findings: findingCount,
    expected: expectedCount,
    unaccounted,
    accountedTwice,
    unseenCalls,
    contradicted,
    isComplete: [unaccounted, accountedTwice, unseenCalls, contradicted].every(
      ({ length }) => length === 0,
    ),
  };
}

const hasGiven = ({ operation, errorCode }: GivenEvent): boolean =>
  errorCode === null && GIVING.has(operation);
