import { type OnCallSchedule, scheduleKey } from "../../domain/facts/on-call-schedule.ts";
import { afterLook, type ScheduleReading } from "../../domain/facts/schedule-reading.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { FactStore } from "../../ports/fact-store.ts";
import type { OutsidePorts } from "../../ports/function-ports.ts";
import { isKnown } from "./unknown-schedules.ts";

/** Looks at the same time: a service that does not answer holds no more than its share up. */
const AT_ONCE = 10;

/** The part of outside's ports that looks at schedules. */
interface SchedulePorts extends Pick<OutsidePorts, "source" | "clock" | "policy" | "settings"> {
  readonly facts: Pick<FactStore, "schedules" | "putSchedule">;
}

/** How a run looks. */
export interface LookRun {
  /** The keys of the schedules, as a message names them; all of the policy's if absent. */
  readonly keys?: readonly string[];
  readonly isTimeUp: () => boolean;
  readonly log: (message: string, facts: object) => void;
}

/** The result of a run: how many schedules it looked at, and of how many nothing is known now. */
export interface LookReport {
  readonly looked: number;
  readonly unknown: number;
  /** Left for the next run. */
  readonly left: number;
}

/**
 * Looks at schedules and stores what their services say. A key that the policy does not name is
 * nobody's, whoever sent it. Those that were looked at longest ago come first.
 */
export async function lookAtSchedules(ports: SchedulePorts, run: LookRun): Promise<LookReport> {
  const named = new Map(
    Object.values(ports.policy.schedules ?? {}).map((each) => [scheduleKey(each), each]),
  );
  const keys = run.keys
    ? [...named.keys()].filter((key) => run.keys?.includes(key))
    : [...named.keys()];
  const before = await ports.facts.schedules(keys);
  const now = ports.clock.now();
  const due = keys
    .filter((key) => isDue(before.get(key), now, ports.settings.lookPauseSeconds))
    .toSorted((a, b) => (lookedAt(before.get(a)) < lookedAt(before.get(b)) ? -1 : 1));
  const counts = { looked: 0, unknown: 0 };
  const waiting = [...due];
  const work = async () => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
      const schedule = named.get(key);
      if (!schedule || run.isTimeUp()) return;
      const isAnswered = await lookAt(ports, run, schedule, before.get(key));
      counts.looked += 1;
      if (!isAnswered) counts.unknown += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { ...counts, left: due.length - counts.looked };
}

const lookedAt = (reading: ScheduleReading | undefined) => reading?.lookedAt ?? "";

/** A look of the future is one of a clock that was wrong. */
function isDue(reading: ScheduleReading | undefined, now: string, pause: number): boolean {
  if (!reading) return true;
  const age = secondsBetween(reading.lookedAt, now);
  return age < 0 || age >= pause;
}

/** Whether an answer counts afterwards, be it one of some minutes ago. */
async function lookAt(
  ports: SchedulePorts,
  { log }: LookRun,
  schedule: OnCallSchedule,
  before: ScheduleReading | undefined,
): Promise<boolean> {
  const [key, began] = [scheduleKey(schedule), ports.clock.now()];
  const { detail, ...look } = await ports.source.look(schedule, began);
  if ("unknown" in look)
    log("a service does not say who is on call", { schedule: key, why: look.unknown, detail });
  const reading = afterLook(key, before, look, began);
  await ports.facts.putSchedule(reading);
  return isKnown(reading, began);
}
