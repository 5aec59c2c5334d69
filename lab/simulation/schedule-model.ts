import type { Schedules } from "../../shared/ports/schedules.ts";
import type { ArmedTimer, MemorySchedules } from "../fakes/memory-schedules.ts";
import type { Tally } from "./oracle/tally.ts";
import type { Random } from "./random.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface ScheduleModelOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** The store of timers. */
  readonly memory: MemorySchedules;
  readonly duplicated: number;
  readonly tally: Tally;
  readonly lost: number;
  /** Whether Scheduler itself works at the moment, where the timer is. */
  readonly isUp: (timer: ArmedTimer) => boolean;
  /** Does what the timer is for; false where its target did not answer. */
  readonly fire: (timer: ArmedTimer) => boolean;
}

const SECOND = 1_000;
/** A schedule fires within the minute after its time. */
const LATENESS = 59 * SECOND;
/** How long a delivery is retried: the maximum event age of each kind. */
const PATIENCE = { revocation: 86_400 * SECOND, fuse: 3_600 * SECOND } as const;
/** A second delivery may follow after SQS's deduplication has forgotten the first. */
const DUPLICATE_WITHIN = { revocation: 420 * SECOND, fuse: 60 * SECOND } as const;

/**
 * EventBridge Scheduler. A schedule fires up to a minute late, sometimes twice, sometimes never. A
 * failed delivery is retried with growing pauses; a schedule that has fired deletes itself. AWS
 * does not document what happens to a time in the past. So such a schedule fires at once, or never.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function scheduleModel(options: ScheduleModelOptions): Schedules {
  const { memory } = options;
  return {
    ...memory,
    async armRevocation(...args) {
      const before = new Map(memory.timers);
      await memory.armRevocation(...args);
      startChanged(options, before);
    },
    async armRetry(...args) {
      const before = new Map(memory.timers);
      await memory.armRetry(...args);
      startChanged(options, before);
    },
    async armFuse(...args) {
      const before = new Map(memory.timers);
      const armed = await memory.armFuse(...args);
      startChanged(options, before);
      return armed;
    },
  };
}

/** Starts what is new. A timer that was armed for another time no longer fires at the old one. */
function startChanged(
  options: ScheduleModelOptions,
  before: ReadonlyMap<string, ArmedTimer>,
): void {
  const { time, random, memory, tally } = options;
  for (const [name, timer] of memory.timers) {
    const earlier = before.get(name);
    if (earlier === timer) continue;
    if (earlier?.at === timer.at) {
      memory.timers.set(name, earlier);
      continue;
    }
    const at = Math.ceil(Date.parse(timer.at) / SECOND) * SECOND;
    if (at < time.now && random.chance(0.5)) {
      tally.count("schedules", "pastNeverFires");
      continue;
    }
    const fireAt = Math.max(at, time.now) + random.between(0, LATENESS);
    time.at(fireAt, () => fire(options, name, timer));
  }
}

function fire(options: ScheduleModelOptions, name: string, timer: ArmedTimer): void {
  const { time, random, memory, tally } = options;
  if (memory.timers.get(name) !== timer) return;
  if (!options.isUp(timer)) {
    tally.count("schedules", "outage");
    time.after(random.between(1, LATENESS), () => fire(options, name, timer));
    return;
  }
  memory.timers.delete(name);
  if (random.chance(options.lost)) {
    tally.count("schedules", `${timer.kind}Lost`);
    return;
  }
  tally.count("schedules", `${timer.kind}Fires`);
  deliver(options, timer, time.now + PATIENCE[timer.kind], 15 * SECOND);
  if (random.chance(options.duplicated)) {
    tally.count("schedules", `${timer.kind}Twice`);
    time.after(random.between(0, DUPLICATE_WITHIN[timer.kind]), () =>
      deliver(options, timer, time.now, SECOND),
    );
  }
}

function deliver(
  options: ScheduleModelOptions,
  timer: ArmedTimer,
  givenUpAt: number,
  pause: number,
): void {
  const { time, random } = options;
  if (time.now > givenUpAt || options.fire(timer)) return;
  time.after(pause * random.between(0.5, 1), () =>
    deliver(options, timer, givenUpAt, Math.min(pause * 2, 600 * SECOND)),
  );
}
