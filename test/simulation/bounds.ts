import type { StackSettings } from "../../infra/settings.ts";
import type { Profile } from "./profile.ts";

/** How soon things must be as they should be, in milliseconds. */
export interface Bounds {
  /** After its time, what ends or begins by the clock, where nothing went wrong. */
  readonly tight: number;
  /** After a person's step, what it asks for, where nothing went wrong. */
  readonly prompt: number;
  /** After the last thing that went wrong. */
  readonly recovery: number;
  /** After others' last edit, or a fuse, until it is found and repaired. */
  readonly drift: number;
  /** How far apart two clocks may be. */
  readonly skew: number;
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
  // What a stale read cannot prove is confirmed when the lag is over, by the next sweep.
  const lag = profile.readLagSeconds * SECOND;
  const confirmation = lag > 0 ? lag + skew + MINUTE : 0;
  // A worker whose clock is behind finds nothing to do at the schedule's time, and leaves it to
  // the sweep.
  const sweepsMissed = profile.skewSeconds > 0 ? MINUTE : 0;
  // The run before it in the group, and its own.
  const prompt = 2 * run + skew + confirmation;
  const tight = MINUTE + prompt + sweepsMissed;
  // A message comes back when its visibility is over, and finds calls whose outcome is open; their
  // time over, or a pause, the next sweep sends the binding.
  const open = run + Math.max(broker.landsWithinSeconds, profile.eksLateSeconds) * SECOND + lag;
  // What waited that long behind a run that failed lets removals of others pass, and takes the
  // next sweep.
  const recovery = visibility + MINUTE + open + broker.retryCeilingSeconds * SECOND + tight;
  return { prompt, tight, recovery, drift: broker.driftCheckSeconds * SECOND + recovery, skew };
}
