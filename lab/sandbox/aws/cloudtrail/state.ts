import type { TrailRecord } from "./trail-record.ts";

/** Records that CloudTrail has yet to deliver, or delivered a moment ago. */
export interface TrailState {
  pending: readonly PendingRecord[];
}

export interface PendingRecord {
  readonly record: TrailRecord;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
  /** Its destination: event history and EventBridge, or one of the two. */
  readonly to: "both" | "history" | "bus";
  /** It waits until a later record was delivered, and until `dueAt` at most. */
  readonly isHeld?: boolean;
  /** Milliseconds since 1970. A delivered record is forgotten a little later. */
  readonly deliveredAt?: number;
}

export const emptyTrailState = (): TrailState => ({ pending: [] });

/** The records that were delivered, in the order of delivery: what LookupEvents searches. */
export interface TrailHistory {
  readonly records: readonly TrailRecord[];
  add(record: TrailRecord): void;
}

/** A history in memory, for tests. */
export function memoryHistory() {
  const records: TrailRecord[] = [];
  return { records, add: (record: TrailRecord) => void records.push(record) };
}
