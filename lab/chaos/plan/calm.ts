/**
 * The rough and the calm times of a plan. In a calm one nothing ends a run, or holds up a removal.
 * A late end then has no excuse, and a fault of one function shows what that function forgets.
 * Slack fails only in scenes.
 */
import { RECOVERY_SECONDS, RERUN_SECONDS } from "../stage/disturbance.ts";
import type { Action, ActionKind, ActionOf } from "./action.ts";
import { holdsUp } from "./holds-up.ts";

const SECOND = 1_000;
const CYCLE = 120 * SECOND;
/** Faults start within this time of a cycle's start, and their effects are over when it is calm. */
const ROUGH = 40 * SECOND;
const CALM_FROM = 70 * SECOND;
/** A shorter plan is rough all the time. */
const SHORTEST = 180 * SECOND;

/** Milliseconds after the run's begin. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

const cycles = (until: number): readonly number[] =>
  until < SHORTEST ? [] : Array.from({ length: Math.ceil(until / CYCLE) }, (_, n) => n * CYCLE);

/** @param until when the plan ends, in milliseconds */
export const calmSpans = (until: number): readonly Span[] =>
  cycles(until)
    .map((from) => ({ from: from + CALM_FROM, to: from + CYCLE }))
    .filter(({ to }) => to <= until);

/** When what ends runs may begin. */
export const roughSpans = (until: number): readonly Span[] =>
  until < SHORTEST
    ? [{ from: 0, to: until }]
    : cycles(until).map((from) => ({ from, to: Math.min(until, from + ROUGH) }));

/** The time that a start of the sandbox takes. */
const START_SECONDS = 8;

/** The time that notify then needs for its backlog. */
const BEHIND_SECONDS = 10;
/** Seconds until a person has a session of their new role. */
const SIGN_IN_SECONDS = 5;

const LOSES: ReadonlySet<unknown> = new Set(["lose", "lose-event"]);
const NO_WAKE = ({ service, kind }: ActionOf<"aws-fault">["rule"]) =>
  service === "sqs" && kind !== "delay";

function faultLasts({ rule, seconds }: ActionOf<"aws-fault">): number | undefined {
  if (LOSES.has(rule["effect"]) || NO_WAKE(rule)) return seconds;
  const after = holdsUp(rule);
  return after === undefined ? undefined : seconds + after;
}

/** By kind: for how many seconds an action gives an excuse; undefined for one that gives none. */
const LASTS: {
  readonly [Kind in ActionKind]?: (action: ActionOf<Kind>) => number | undefined;
} = {
  "aws-fault": faultLasts,
  // Notify gets behind, and scenes need it at work on what has just happened.
  "slack-fault": ({ seconds }) => seconds + BEHIND_SECONDS,
  schedules: ({ seconds }) => seconds,
  suspend: ({ seconds }) => seconds,
  "remake-role": ({ seconds }) => seconds + SIGN_IN_SECONDS,
  "kill-function": ({ name }) => (name === "converge" ? RERUN_SECONDS : undefined),
  "stop-function": ({ seconds }) => seconds + RERUN_SECONDS,
  "stop-tables": ({ seconds }) => seconds + RECOVERY_SECONDS,
  "kill-sandbox": ({ seconds }) => seconds + START_SECONDS + RECOVERY_SECONDS,
};

/** Whether an action leaves every calm span as it is. */
export function keepsCalm(action: Action, calm: readonly Span[]): boolean {
  const lasts = LASTS[action.kind] as ((one: Action) => number | undefined) | undefined;
  const seconds = lasts?.(action);
  return (
    seconds === undefined ||
    calm.every(({ from, to }) => action.at >= to || action.at + seconds * SECOND <= from)
  );
}
