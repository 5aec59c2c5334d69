import type { CallRecord } from "../../requests/evidence.ts";
import type { EntryOperation, TrailEvent } from "../trail/trail-event.ts";
import { type Completeness, GIVING, type GivenEvent, reconcile } from "./completeness.ts";
import { contradictedEvents } from "./contradicted-events.ts";
import type { EvidenceTally } from "./evidence-tally.ts";
import { isWithin, type ReportPeriod } from "./report-period.ts";

/** A request of the period, as far as its history says which calls are its own. */
export interface CalledHistory {
  readonly requestId: string;
  /** When its end was proven: by then, its history has all its additions. Null before. */
  readonly endedAt: string | null;
  readonly calls: readonly Pick<CallRecord, "requestId">[];
}

/** Calls on record against events of CloudTrail, both of the period. */
export function completenessOf(
  period: ReportPeriod,
  made: readonly CallRecord[],
  tally: EvidenceTally,
  trail: readonly TrailEvent[] | undefined,
  histories: readonly CalledHistory[] = [],
): Completeness {
  const calls = made.flatMap(({ requestId, operation, result }) =>
    requestId === null
      ? []
      : { eksRequestId: requestId, operation: operation as EntryOperation, result },
  );
  const confirmed = new Map(
    [...tally.confirmed].map(([id, { eventId }]) => [id, eventId] as const),
  );
  const seen = calls.flatMap(({ eksRequestId, operation, result }): readonly GivenEvent[] => {
    const eventId = confirmed.get(eksRequestId);
    if (eventId === undefined) return [];
    return [{ eventId, addendum: null, operation, errorCode: result === "ok" ? null : result }];
  });
  const lists = [tally.claimed.explained, tally.claimed.found, tally.claimed.expected];
  const recorded = lists.flatMap((list) =>
    [...list.values()].filter(({ eventTime }) => isWithin(period, eventTime)),
  );
  const [explained, findings, expected] = lists.map((list) => new Set(list.keys()));
  // Calls after the end, and calls of a binding without a grant, are in no history.
  const ours = new Set(calls.flatMap(({ eksRequestId }) => confirmed.get(eksRequestId) ?? []));
  const isLeftOut = leftOutOf(histories);
  for (const [id, { eventId, chains }] of tally.confirmed)
    if (!ours.has(eventId) && !isLeftOut(id, chains)) explained?.add(eventId);
  return reconcile(trail ?? [...seen, ...recorded], {
    calls,
    confirmed,
    explained: explained ?? new Set(),
    findings: findings ?? new Set(),
    expected: expected ?? new Set(),
    contradicted: trail === undefined ? [] : contradictedIn(period, trail, made, tally),
  });
}

/**
 * Whether a call is in the evidence of a request that is over, and not in its history: then its history does not explain
 * what it added.
 */
function leftOutOf(histories: readonly CalledHistory[]) {
  const ended = new Set(
    histories.flatMap(({ requestId, endedAt }) => (endedAt === null ? [] : requestId)),
  );
  const known = new Set(histories.flatMap(({ calls }) => calls.map(({ requestId }) => requestId)));
  return (eksRequestId: string, chains: readonly string[]): boolean =>
    !known.has(eksRequestId) && chains.every((chain) => ended.has(chain));
}

/** Compares what every record says of an event with the files. */
function contradictedIn(
  period: ReportPeriod,
  trail: readonly TrailEvent[],
  made: readonly CallRecord[],
  tally: EvidenceTally,
): readonly string[] {
  const isDue = dueIn(period, trail);
  const calls = new Map(made.map((call) => [call.requestId, call]));
  const confirmations = tally.claimed.confirmations.map((confirmation) => {
    const call = calls.get(confirmation.eksRequestId);
    return { ...confirmation, call, isDue: isDue(confirmation.eventTime, call?.operation) };
  });
  const claims = tally.claimed.claims.map(({ eventKey, facts, isFit, eventTime, operation }) => ({
    ...{ eventKey, facts, isFit },
    isDue: isDue(eventTime, operation),
  }));
  return contradictedEvents(trail, confirmations, claims);
}

/** Whether the files would have an event. Files of additions only, as the guide gets them, show nothing of other operations. */
function dueIn(period: ReportPeriod, trail: readonly TrailEvent[]) {
  const hasAll = trail.some(({ operation }) => !GIVING.has(operation));
  return (eventTime: string, operation: string | undefined): boolean =>
    isWithin(period, eventTime) && (hasAll || GIVING.has(operation as EntryOperation));
}
