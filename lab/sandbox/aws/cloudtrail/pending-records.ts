/** The records that CloudTrail has yet to deliver: which are due, and how long delivered ones are kept. */
import type { PendingRecord, TrailHistory } from "./state.ts";

/**
 * How long a delivered record is kept. Each state file is written by itself, a moment after its change.
 * A crash before the bus or its queue is written must not lose the record.
 */
const KEPT_MS = 1_000;

/**
 * The records that are due, earliest first. The held records of earlier calls follow, since those
 * have been overtaken now. The records are in the order of the calls.
 */
export function dueRecords(
  pending: readonly PendingRecord[],
  at: number,
): readonly PendingRecord[] {
  const waiting = pending.filter(({ deliveredAt }) => deliveredAt === undefined);
  const due = waiting.filter(({ dueAt }) => dueAt <= at);
  const latest = waiting.findLastIndex((each) => due.includes(each) && each.isHeld !== true);
  const overtaken = waiting.filter(
    (each, position) => each.isHeld === true && position < latest && !due.includes(each),
  );
  return [...due.sort((a, b) => a.dueAt - b.dueAt), ...overtaken];
}

/** Marks what was delivered now, and forgets what was delivered some time ago. */
export const withDelivered = (
  pending: readonly PendingRecord[],
  delivered: readonly PendingRecord[],
  at: number,
): readonly PendingRecord[] =>
  pending.flatMap((each) => {
    if (delivered.includes(each)) return [{ ...each, deliveredAt: at }];
    return each.deliveredAt !== undefined && each.deliveredAt <= at - KEPT_MS ? [] : [each];
  });

/** When the first of them is due, or is forgotten. */
export const nextTurn = (pending: readonly PendingRecord[]): number =>
  Math.min(
    ...pending.map(({ dueAt, deliveredAt }) =>
      deliveredAt === undefined ? dueAt : deliveredAt + KEPT_MS,
    ),
  );

/**
 * The records that a new process delivers. EventBridge delivers at least once, so it gets an
 * earlier process's last records again. The event history is written at once, so it gets no record
 * twice.
 */
export function afterRestart(
  pending: readonly PendingRecord[],
  { records }: TrailHistory,
): readonly PendingRecord[] {
  const known = new Set(records.map(({ eventID }) => eventID));
  return pending.flatMap(({ deliveredAt: _, ...each }) => {
    if (!known.has(each.record.eventID)) return [each];
    return each.to === "history" ? [] : [{ ...each, to: "bus" as const }];
  });
}
