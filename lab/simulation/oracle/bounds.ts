import type { StackSettings } from "../../../infra/synth/settings.ts";
import type { Profile } from "../profile.ts";

/** Within which time things must be as they should be, in milliseconds. */
export interface Bounds {
  /** Until an end or a start by the clock takes effect, where nothing went wrong. */
  readonly tight: number;
  /** Until a person's step takes effect, where nothing went wrong. */
  readonly prompt: number;
  /** From the end of a grant until it is final: its removal, a read that proves it, a sweep. */
  readonly final: number;
  /** In addition, until a read shows what was added. */
  readonly seen: number;
  /** In addition, where others or our own calls have just changed the entry. */
  readonly settled: number;
  /** After the last thing that went wrong. */
  readonly recovery: number;
  /** After an edit by others, or a fuse, until it is found and repaired. */
  readonly drift: number;
  /** How far apart two clocks may be. */
  readonly skew: number;
  /** How far behind reads are in this run. */
  readonly lag: number;
  /** How long the broker distrusts a read that contradicts its ledger. */
  readonly window: number;
  /** How long an edit of others may go unnoticed by a run whose clock is slow. */
  readonly unnoticed: number;
  /** How long after the end of its run a call may land. */
  readonly landing: number;
}

/** Within which time notices must be as they should be, in milliseconds. */
export interface NoticeBounds {
  /** Until a message shows a state and the bus has its events, where nothing went wrong. */
  readonly prompt: number;
  /** The same after the last fault. */
  readonly recovery: number;
}

const SECOND = 1_000;
/** The time between two sweeps; a schedule is never later than that. */
const MINUTE = 60 * SECOND;

/** Derives the bounds from the settings. */
export function boundsOf(stack: StackSettings, profile: Profile): Bounds {
  const { broker } = stack;
  const run = stack.convergeTimeoutSeconds * SECOND;
  const visibility = stack.convergeVisibilitySeconds * SECOND;
  const skew = 2 * profile.skewSeconds * SECOND;
  const lag = profile.readLagSeconds * SECOND;
  const window = (broker.readLagSeconds + broker.clockDifferenceSeconds) * SECOND;
  const landing = (broker.landsWithinSeconds + broker.clockDifferenceSeconds) * SECOND;
  const retry = broker.retryCeilingSeconds * SECOND;
  // A run whose clock is behind finds nothing to do at the schedule's time. The sweep starts
  // another one.
  const sweepsMissed = profile.skewSeconds > 0 ? MINUTE : 0;
  // The previous run of the group, and its own.
  const prompt = 2 * run + skew;
  const tight = MINUTE + prompt + sweepsMissed;
  // A read proves the removal once it must show. The next sweep starts the run that reads.
  const proof = run + window + skew + MINUTE + run + sweepsMissed;
  // If reads do not show it yet, the next sweep after they must starts another read.
  const seen = lag > 0 ? lag + MINUTE + run : 0;
  const settled = 2 * window + retry + MINUTE + run + seen;
  // A message returns after its visibility timeout and finds calls without an answer. Once they can
  // no longer land, or after a pause, the next sweep sends the binding.
  const open = run + landing + window;
  // A binding that waited that long behind a failed run lets other removals pass first, until the
  // next sweep.
  const recovery = visibility + MINUTE + open + retry + tight + proof;
  return {
    prompt,
    tight,
    final: tight + proof,
    seen,
    settled,
    recovery,
    drift: broker.driftCheckSeconds * SECOND + recovery,
    skew,
    lag,
    window,
    unnoticed: window + lag + skew,
    landing,
  };
}

/** The longest pause between two attempts, as in `notify.ts`. */
const LONGEST_PAUSE = 300 * SECOND;
/** As in `infra/constructs/notify-queue.ts`. */
const VISIBILITY_TIMEOUTS = 6;

/** The bounds of notices. A sweep finds what is due and was not woken. */
export function noticeBoundsOf(stack: StackSettings, profile: Profile): NoticeBounds {
  const run = stack.notifyTimeoutSeconds * SECOND;
  const skew = 2 * profile.skewSeconds * SECOND;
  // The sweep, the run before in the group, and its own.
  const prompt = MINUTE + 2 * run + skew;
  // A run that crashed has its message until the visibility timeout.
  const recovery = VISIBILITY_TIMEOUTS * run + LONGEST_PAUSE + MINUTE + prompt;
  return { prompt, recovery };
}
