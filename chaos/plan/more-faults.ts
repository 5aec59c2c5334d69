/** Faults that fail whole runs: the SDK tries a call three times, and what failed comes again after minutes. */
import type { Random } from "../../simulation/random.ts";
import type { Action, ActionOf } from "./action.ts";

const SECOND = 1_000;
const PAUSE = 20 * SECOND;

type Made = Omit<ActionOf<"aws-fault">, "at" | "kind">;

/** Whose runs store much: a fault of one role strikes it, and not whoever calls most. */
const WRITERS = ["timelatch-correlate", "timelatch-converge", "timelatch-api"] as const;

const FAULTS: readonly ((random: Random) => Made)[] = [
  (random) => ({
    rule: {
      ...{ kind: "throttle", service: "dynamodb", operation: "TransactWriteItems", count: 12 },
      role: random.pick(WRITERS),
    },
    seconds: 6,
  }),
  (random) => ({
    rule: {
      kind: random.pick(["drop", "throttle"]),
      service: "dynamodb",
      operation: "Query",
      count: 4,
    },
    seconds: 4,
  }),
  (random) => ({
    rule: {
      kind: random.pick(["refuse", "throttle"]),
      service: "logs",
      operation: "StartQuery",
      count: 6,
    },
    seconds: 12,
  }),
  (random) => ({
    rule: {
      kind: random.pick(["drop", "throttle", "partial"]),
      service: "events",
      operation: "PutEvents",
      count: 6,
    },
    seconds: 8,
  }),
];

/** A kill of activity makes good what an earlier run of the same process forgot. So the last fault is its own. */
const LAST: Made = {
  rule: { kind: "refuse", service: "logs", operation: "StartQuery", count: 6 },
  seconds: 10,
};
const BEFORE_END = 14 * SECOND;

/** @param until the last fault has ended by then, in milliseconds */
export function moreFaults(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  for (
    let at = random.between(5, 25) * SECOND;
    at < until;
    at += random.between(0.5, 1.5) * PAUSE
  ) {
    const fault = random.pick(FAULTS)(random);
    if (at + fault.seconds * SECOND < until) actions.push({ kind: "aws-fault", ...fault, at });
  }
  return [...actions, { kind: "aws-fault", ...LAST, at: until - BEFORE_END }];
}
