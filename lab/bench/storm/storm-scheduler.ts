/**
 * EventBridge Scheduler in a storm. It fires each timer within a minute of its time, as fast as its
 * quota and its targets allow. It backs off where they do not. D marks what AWS documents, and U
 * what it does not, as docs/assumptions.md does.
 */

import type { ArmedTimer } from "../../fakes/memory-schedules.ts";
import type { Random } from "../../simulation/random.ts";
import type { VirtualTime } from "../../simulation/virtual-time.ts";
import { TokenBucket } from "./token-bucket.ts";

const SECOND = 1_000;
/**
 * How late a schedule may fire, in milliseconds. D:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
const LATENESS = 59 * SECOND;
/** How long Scheduler retries a fuse, in milliseconds: the event age that the adapter sets. */
const FUSE_AGE = 3_600 * SECOND;
/**
 * The first and the longest pause after a failed delivery, in milliseconds. U: AWS documents
 * exponential backoff and gives no times, so these are an assumption.
 * https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
 */
const PAUSES = [15 * SECOND, 600 * SECOND] as const;
/**
 * Invocations of targets a second, for an account and Region. D: the default in the larger Regions.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
 */
const INVOCATIONS = 1_000;
/**
 * Messages a second that the queue accepts. D: the rate of one partition without high throughput.
 * Ours has high throughput, which allows more; the bench does not rely on that.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
const SENDS = 300;

export interface StormSchedulerOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly timers: Map<string, ArmedTimer>;
  /** Sends the message of a revocation. */
  readonly send: (timer: ArmedTimer & { readonly kind: "revocation" }) => void;
  /** Makes the call of a fuse. @returns whether EKS accepted and answered it */
  readonly strike: (timer: ArmedTimer & { readonly kind: "fuse" }) => boolean;
  /** Fires each timer within a second of its time, instead of a minute. */
  readonly isBurst: boolean;
}

/** Fires the named timers at their times, unless they were deleted by then. */
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
