import type { JsonObject } from "./blocks/check.ts";

/** One call of the app: what it asked, and what it was answered. */
export interface SlackCall {
  /** Counts from 1 since the sandbox started. */
  readonly seq: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly method: string;
  readonly arguments: JsonObject;
  readonly answer: JsonObject;
}

export interface CallLog {
  readonly add: (call: Omit<SlackCall, "seq" | "at">) => void;
  /** Calls with a `seq` above `after`, the oldest first. */
  readonly after: (after: number) => readonly SlackCall[];
}

/** The newest calls are kept, so that a sandbox that runs for days does not grow. */
const MOST_CALLS = 10_000;

export function callLog(now: () => Date, heard: (call: SlackCall) => void = () => {}): CallLog {
  let calls: readonly SlackCall[] = [];
  let seq = 0;
  return {
    add(call) {
      seq += 1;
      const made = { seq, at: now().toISOString(), ...call };
      calls = [...calls, made].slice(-MOST_CALLS);
      heard(made);
    },
    after: (after) => calls.filter((call) => call.seq > after),
  };
}
