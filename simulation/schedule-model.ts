import type { Schedules } from "../shared/ports/schedules.ts";
import type { ArmedTimer, MemorySchedules } from "../test/fakes/memory-schedules.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface ScheduleModelOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** Where timers are kept; they are armed and moved there. */
  readonly memory: MemorySchedules;
  readonly duplicated: number;
  readonly lost: number;
  /** Whether Scheduler itself works at the moment. */
  readonly isUp: () => boolean;
  /** Does what the timer is for; false where its target did not answer, and is to be tried again. */
  readonly fire: (timer: ArmedTimer) => boolean;
}

const SECOND = 1_000;
/** A schedule fires within the minute after its time. */
const LATENESS = 59 * SECOND;
/** How long a delivery is retried: the maximum event age of each kind. */
const PATIENCE = { revocation: 86_400 * SECOND, fuse: 3_600 * SECOND } as const;
/** A second delivery of a message may come when SQS has forgotten the first. */
const DUPLICATE_WITHIN = { revocation: 420 * SECOND, fuse: 60 * SECOND } as const;

/**
 * EventBridge Scheduler: late by up to a minute, sometimes twice, sometimes never; a delivery that
 * fails is retried with growing pauses; a schedule that fired deletes itself. What AWS does with a
 * time that is past is not documented, so a schedule of the past fires at once, or never.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function scheduleModel(options: ScheduleModelOptions): Schedules {
  const { time, random, memory } = options;
  const { timers } = memory;

  const deliver = (timer: ArmedTimer, givenUpAt: number, pause: number) => {
    if (time.now > givenUpAt) return;
    if (options.fire(timer)) return;
    time.after(pause * random.between(0.5, 1), () =>
      deliver(timer, givenUpAt, Math.min(pause * 2, 600 * SECOND)),
    );
  };

  /** What stood under a name fires no more once it is armed for another time. */
  const start = (before: ReadonlyMap<string, ArmedTimer>) => {
    for (const [name, timer] of timers) {
      const earlier = before.get(name);
      if (earlier === timer) continue;
      if (earlier?.at === timer.at) {
        timers.set(name, earlier);
        continue;
      }
      const at = Math.ceil(Date.parse(timer.at) / SECOND) * SECOND;
      if (at < time.now && random.chance(0.5)) continue;
      const fireAt = Math.max(at, time.now) + random.between(0, LATENESS);
      const fire = () => {
        if (timers.get(name) !== timer) return;
        if (!options.isUp()) {
          time.after(random.between(1, LATENESS), fire);
          return;
        }
        timers.delete(name);
        if (random.chance(options.lost)) return;
        deliver(timer, time.now + PATIENCE[timer.kind], 15 * SECOND);
        if (random.chance(options.duplicated))
          time.after(random.between(0, DUPLICATE_WITHIN[timer.kind]), () =>
            deliver(timer, time.now, SECOND),
          );
      };
      time.at(fireAt, fire);
    }
  };

  return {
    ...memory,
    async armRevocation(...args) {
      const before = new Map(timers);
      await memory.armRevocation(...args);
      start(before);
    },
    async armFuse(...args) {
      const before = new Map(timers);
      const armed = await memory.armFuse(...args);
      start(before);
      return armed;
    },
  };
}
