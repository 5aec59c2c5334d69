import type { CallRecord } from "../../requests/evidence.ts";
import type { EntryOperation, TrailEvent } from "../trail/trail-event.ts";
import { type Completeness, type GivenEvent, reconcile } from "./completeness.ts";
import { contradictedEvents } from "./contradicted-events.ts";
import type { EvidenceTally } from "./evidence-tally.ts";
import { isWithin, type ReportPeriod } from "./report-period.ts";

/** Calls on record against events of CloudTrail, both of the period. */
export function completenessOf(
  period: ReportPeriod,
  made: readonly CallRecord[],
  tally: EvidenceTally,
  trail: readonly TrailEvent[] | undefined,
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
  const lists = [tally.explained, tally.found, tally.expected];
  const recorded = lists.flatMap((list) =>
    [...list.values()].filter(({ eventTime }) => isWithin(period, eventTime)),
  );
  const [explained, findings, expected] = lists.map((list) => new Set(list.keys()));
  // Calls after the end, and calls of a binding without a grant, are in no history.
  const ours = new Set(calls.flatMap(({ eksRequestId }) => confirmed.get(eksRequestId) ?? []));
  for (const key of confirmed.values()) if (!ours.has(key)) explained?.add(key);
  return reconcile(trail ?? [...seen, ...recorded], {
    calls,
    confirmed,
    explained: explained ?? new Set(),
    findings: findings ?? new Set(),
    expected: expected ?? new Set(),
    contradicted: trail === undefined ? [] : contradictedIn(trail, made, tally),
  });
}

/** Compares what every record says of an event with the files. */
function contradictedIn(
  trail: readonly TrailEvent[],
  made: readonly CallRecord[],
  tally: EvidenceTally,
): readonly string[] {
  const calls = new Map(made.map((call) => [call.requestId, call]));
  const confirmations = [...tally.confirmed].map(([eksRequestId, confirmation]) => ({
    ...confirmation,
    eksRequestId,
    call: calls.get(eksRequestId),
  }));
  const lists = [tally.explained, tally.found, tally.expected];
  const claims = lists.flatMap((list) =>
    [...list].map(([eventKey, { facts }]) => ({ eventKey, facts })),
  );
  return contradictedEvents(trail, confirmations, claims);
}
