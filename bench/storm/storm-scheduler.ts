/**
 * EventBridge Scheduler in a storm: it fires what is armed, each within a minute of its time, as
 * quickly as it and its targets let through, and backs off where they do not. AWS publishes no times
 * for that. https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
 */

import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";
import type { ArmedTimer } from "../../test/fakes/memory-schedules.ts";
import { TokenBucket } from "./token-bucket.ts";

const SECOND = 1_000;
/** A schedule is late by up to this, in milliseconds. */
const LATENESS = 59 * SECOND;
/** How long Scheduler tries to fire a fuse. */
const FUSE_AGE = 3_600 * SECOND;
/** Its first pause, and the longest, where something was turned away. */
const PAUSES = [15 * SECOND, 600 * SECOND] as const;
/** Invocations of targets a second, all schedules of an account together. */
const INVOCATIONS = 1_000;
/**
 * Messages a second that the queue takes. One partition of a queue with high throughput takes as
 * many; that SQS adds partitions under load is not counted on.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/partitions-and-data-distribution.html
 */
const SENDS = 300;

export interface StormSchedulerOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly timers: Map<string, ArmedTimer>;
  /** Sends the message of a revocation. */
  readonly send: (timer: ArmedTimer & { readonly kind: "revocation" }) => void;
  /** Makes the call of a fuse. @returns whether it was let through and answered */
  readonly strike: (timer: ArmedTimer & { readonly kind: "fuse" }) => boolean;
  /** Everything is fired within a second of its time, and not within a minute. */
  readonly isBurst: boolean;
}

/** Fires the given timers when their time comes, unless they were deleted by then. */
export function fireTimers(options: StormSchedulerOptions, names: readonly string[]): void {
  const { time, random, timers, isBurst } = options;
  const limits = {
    invocations: new TokenBucket(time, INVOCATIONS),
    sends: new TokenBucket(time, SENDS),
  };
  for (const name of names) {
    const timer = timers.get(name);
    if (!timer) continue;
    const lateness = random.between(0, isBurst ? SECOND : LATENESS);
    time.at(Date.parse(timer.at) + lateness, () => fire(options, limits, name, timer, PAUSES[0]));
  }
}

interface Limits {
  readonly invocations: TokenBucket;
  readonly sends: TokenBucket;
}

function fire(
  options: StormSchedulerOptions,
  limits: Limits,
  name: string,
  timer: ArmedTimer,
  pause: number,
): void {
  const { time, random, timers, send, strike } = options;
  if (timers.get(name) !== timer) return;
  if (timer.kind === "fuse" && time.now > Date.parse(timer.at) + FUSE_AGE) return;
  const isInvoked = limits.invocations.take();
  const isFired = isInvoked && (timer.kind === "fuse" ? strike(timer) : limits.sends.take());
  if (!isFired) {
    const longer = Math.min(2 * pause, PAUSES[1]);
    const again = () => fire(options, limits, name, timer, longer);
    time.after(pause * random.between(0.5, 1), again);
    return;
  }
  timers.delete(name);
  if (timer.kind === "revocation") send(timer);
}
