/** How the fault `trail` changes the delivery of a record. */
import { randomUUID } from "node:crypto";
import type { PendingRecord } from "./state.ts";
import type { TrailRecord } from "./trail-record.ts";

/** The effect on a record's delivery. */
export type TrailEffect =
  | { readonly effect: "duplicate" | "lose" | "lose-event" | "reorder" | "correct" }
  | { readonly effect: "delay"; readonly milliseconds: number };

/** A record that waits for a later one waits no longer than this. */
const LONGEST_HOLD_MS = 60_000;

/**
 * The deliveries of a record that would arrive at `dueAt`.
 * @param delayMs the usual delay, after which a correction follows
 */
export function deliveriesOf(
  record: TrailRecord,
  dueAt: number,
  delayMs: number,
  effect: TrailEffect | undefined,
): readonly PendingRecord[] {
  const usual: PendingRecord = { record, dueAt, to: "both" };
  switch (effect?.effect) {
    case undefined:
      return [usual];
    case "lose":
      return [];
    case "lose-event":
      return [{ ...usual, to: "history" }];
    case "duplicate":
      return [usual, { ...usual, dueAt: dueAt + delayMs, to: "bus" }];
    case "reorder":
      return [{ ...usual, dueAt: dueAt + LONGEST_HOLD_MS, isHeld: true }];
    case "delay":
      return [
        {
          ...usual,
          record: { ...record, addendum: { reason: "DELIVERY_DELAY" } },
          dueAt: dueAt + effect.milliseconds,
        },
      ];
    case "correct":
      return [
        { ...usual, record: withoutAnswer(record) },
        { ...usual, record: correctionOf(record), dueAt: dueAt + delayMs + 1 },
      ];
  }
}

/** Removes the fields that a first record lacks, if it is corrected later. */
const withoutAnswer = (record: TrailRecord): TrailRecord => ({ ...record, responseElements: null });

/** A record of its own that names the one it corrects. */
function correctionOf(record: TrailRecord): TrailRecord {
  return {
    ...record,
    eventID: randomUUID(),
    addendum: {
      reason: "UPDATED_DATA",
      updatedFields: "responseElements",
      originalRequestID: record.requestID,
      originalEventID: record.eventID,
    },
  };
}
