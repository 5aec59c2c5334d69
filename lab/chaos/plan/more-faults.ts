/** Faults that fail whole runs: the SDK tries a call three times, and what failed comes again after minutes. */
import type { Random } from "../../simulation/random.ts";
import type { Action, ActionOf } from "./action.ts";
import { calmSpans } from "./calm.ts";

const SECOND = 1_000;
const PAUSE = 20 * SECOND;

type Made = Omit<ActionOf<"aws-fault">, "at" | "kind">;

/**
 * Roles that store much. A fault of one role strikes that role, and not the one with the most
 * calls.
 */
const WRITERS = ["timelatch-correlate", "timelatch-converge", "timelatch-api"] as const;

const FAULTS: readonly ((random: Random) => Made)[] = [
  (random) => ({
    rule: {
      kind: "throttle",
      service: "dynamodb",
      operation: "TransactWriteItems",
      count: 12,
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

/** The log does not answer activity, or its table does not, while some grants have just ended. */
const UNREAD: readonly ActionOf<"aws-fault">["rule"][] = [
  { kind: "refuse", service: "logs", operation: "StartQuery" },
  { kind: "throttle", service: "logs", operation: "GetQueryResults" },
  { kind: "throttle", service: "dynamodb", role: "timelatch-activity" },
  { kind: "throttle", service: "logs", operation: "StartQuery" },
];
/** Activity runs every ten seconds. */
const UNREAD_SECONDS = 22;
const LAST_BEFORE_END = 14 * SECOND;

/** A kill of activity makes good what an earlier run forgot. So these come when nothing kills it any more. */
export function unreadLogs(random: Random, until: number): readonly Action[] {
  const fault = (rule: (typeof UNREAD)[number], at: number, seconds: number): Action => ({
    kind: "aws-fault",
    rule,
    at,
    seconds,
  });
  const [first = { kind: "refuse" }] = UNREAD;
  if (calmSpans(until).length === 0) return [fault(first, until - LAST_BEFORE_END, 10)];
  const from = until / 2 + 5 * SECOND;
  const most = Math.floor((until - from) / (UNREAD_SECONDS * SECOND));
  const every = (until - from) / Math.min(most, UNREAD.length);
  return UNREAD.slice(0, most).map((rule, index) => {
    const free = every - UNREAD_SECONDS * SECOND;
    return fault(rule, from + index * every + random.fraction() * free, UNREAD_SECONDS);
  });
}

/** The time for which the bus takes nothing, and then only one event of each call. */
const ABSENT_SECONDS = 5;
const PARTIAL_SECONDS = 9;

/** While the bus is away steps gather, so that calls have many events when it is back. */
export function partialBus(random: Random, until: number): readonly Action[] {
  const rule = { service: "events", operation: "PutEvents" };
  const actions: Action[] = [];
  for (
    let at = random.between(5, 20) * SECOND;
    at + (ABSENT_SECONDS + PARTIAL_SECONDS) * SECOND < until;
    at += random.between(40, 70) * SECOND
  )
    actions.push(
      { kind: "aws-fault", rule: { ...rule, kind: "refuse" }, at, seconds: ABSENT_SECONDS },
      {
        kind: "aws-fault",
        rule: { ...rule, kind: "partial" },
        seconds: PARTIAL_SECONDS,
        at: at + ABSENT_SECONDS * SECOND,
      },
    );
  return actions;
}

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
  return actions;
}
