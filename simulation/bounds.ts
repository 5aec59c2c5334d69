import type { StackSettings } from "../infra/synth/settings.ts";
import type { Profile } from "./profile.ts";

/** How soon things must be as they should be, in milliseconds. */
export interface Bounds {
  /** After its time, what ends or begins by the clock, where nothing went wrong. */
  readonly tight: number;
  /** After a person's step, what it asks for, where nothing went wrong. */
  readonly prompt: number;
  /** After its end, a grant whose access was there: its removal, a read that proves it, a sweep. */
  readonly final: number;
  /** Besides, until a read shows what was added. */
  readonly seen: number;
  /** Besides, where others, or calls of ours, have just changed the entry. */
  readonly settled: number;
  /** After the last thing that went wrong. */
  readonly recovery: number;
  /** After others' last edit, or a fuse, until it is found and repaired. */
  readonly drift: number;
  /** How far apart two clocks may be. */
  readonly skew: number;
  /** How far behind reads are in this run. */
  readonly lag: number;
  /** How long the broker does not believe a read that contradicts what it knows. */
  readonly window: number;
  /** How long an edit of others may go unnoticed. */
  readonly unnoticed: number;
  /** How long after the end of its run a call may land. */
  readonly landing: number;
}

const SECOND = 1_000;
/** Between two sweeps; a schedule is at most as late. */
const MINUTE = 60 * SECOND;

/** Derived from the settings, part by part. */
export function boundsOf(stack: StackSettings, profile: Profile): Bounds {
  const { broker } = stack;
  const run = stack.convergeTimeoutSeconds * SECOND;
  const visibility = stack.convergeVisibilitySeconds * SECOND;
  const skew = 2 * profile.skewSeconds * SECOND;
  const lag = profile.readLagSeconds * SECOND;
  const window = (broker.readLagSeconds + broker.clockDifferenceSeconds) * SECOND;
  const landing = (broker.landsWithinSeconds + broker.clockDifferenceSeconds) * SECOND;
  const retry = broker.retryCeilingSeconds * SECOND;
  // A worker whose clock is behind finds nothing to do at the schedule's time, and leaves it to
  // the sweep.
  const sweepsMissed = profile.skewSeconds > 0 ? MINUTE : 0;
  // The run before it in the group, and its own.
  const prompt = 2 * run + skew;
  const tight = MINUTE + prompt + sweepsMissed;
  // A read proves an absence once the removal must show; the sweep after that has it read.
  const proof = run + window + skew + MINUTE + run + sweepsMissed;
  // What reads do not show yet is looked for by the next sweep after they must.
  const seen = lag > 0 ? lag + MINUTE + run : 0;
  const settled = 2 * window + retry + MINUTE + run + seen;
  // A message comes back when its visibility is over, and finds calls whose outcome is open; their
  // time over, or a pause, the next sweep sends the binding.
  const open = run + landing + window;
  // What waited that long behind a run that failed lets removals of others pass, and takes the
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
    unnoticed: window + lag,
    landing,
  };
}
