/**
 * A trail with logging switched on. It records calls. After a delay, it delivers each record to the
 * event history and to EventBridge's default bus.
 */
import type { CallRecord } from "../dispatch.ts";
import type { IamState } from "../iam/state.ts";
import type { Store } from "../store.ts";
import { newRecord } from "./new-record.ts";
import { afterRestart, dueRecords, nextTurn, withDelivered } from "./pending-records.ts";
import type { PendingRecord, TrailHistory, TrailState } from "./state.ts";
import { deliveriesOf, type TrailEffect } from "./trail-effects.ts";
import type { TrailRecord } from "./trail-record.ts";

export interface TrailOptions {
  readonly store: Store<TrailState>;
  readonly history: TrailHistory;
  readonly iam: Store<IamState>;
  /** How long after its call a record is delivered. */
  readonly delaySeconds: number;
  /** The effect of a fault on the record of this call. */
  readonly effect?: (call: CallRecord) => TrailEffect | undefined;
  /** Takes each record that CloudTrail sends to EventBridge. */
  readonly toEventBridge: (record: TrailRecord) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface Trail {
  /** Records a finished call, if CloudTrail records such calls here. */
  readonly record: (call: CallRecord) => void;
  /** Begins to deliver, also what an earlier trail had recorded and not delivered, or delivered last. */
  readonly start: () => void;
  /** Delivers what is due. Once started, the trail does so by itself. */
  readonly deliver: () => void;
  readonly stop: () => void;
}

/** A trail over a state; it records at once, and delivers once it is started. */
export function openTrail(options: TrailOptions): Trail {
  const { store, iam, delaySeconds } = options;
  const now = options.now ?? Date.now;
  const delayMs = delaySeconds * 1000;
  let timer: NodeJS.Timeout | undefined;
  let isStarted = false;
  const arm = () => {
    clearTimeout(timer);
    if (!isStarted || store.state.pending.length === 0) return;
    timer = setTimeout(deliver, Math.max(1, nextTurn(store.state.pending) - now())).unref();
  };
  const deliver = () => {
    const at = now();
    const due = dueRecords(store.state.pending, at);
    for (const each of due) deliverOne(options, each);
    store.change((state) => {
      state.pending = withDelivered(state.pending, due, at);
    });
    arm();
  };
  return {
    record(call) {
      const record = newRecord(call, iam.state);
      if (record === undefined) return;
      const dueAt = now() + delayMs;
      const added = deliveriesOf(record, dueAt, delayMs, options.effect?.(call));
      store.change((state) => {
        state.pending = [...state.pending, ...added];
      });
      arm();
    },
    start() {
      isStarted = true;
      store.change((state) => {
        state.pending = afterRestart(state.pending, options.history);
      });
      arm();
    },
    deliver,
    stop() {
      isStarted = false;
      clearTimeout(timer);
    },
  };
}

/** EventBridge gets what changes something; a rule must ask for reads, which is not emulated. */
function deliverOne({ history, toEventBridge }: TrailOptions, { record, to }: PendingRecord): void {
  if (to !== "bus") history.add(record);
  if (to !== "history" && !record.readOnly) toEventBridge(record);
}
