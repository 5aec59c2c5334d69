import { ON_CALL_COUNTS_SECONDS } from "../../domain/facts/on-call.ts";
import { scheduleKey } from "../../domain/facts/on-call-schedule.ts";
import type { ScheduleReading } from "../../domain/facts/schedule-reading.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/** Whether a reading has an answer that still counts. */
export const isKnown = (reading: ScheduleReading | undefined, now: string): boolean =>
  reading?.answer !== undefined &&
  secondsBetween(reading.answer.readAt, now) < ON_CALL_COUNTS_SECONDS;

/** How many schedules of the policy nothing is known of now, whatever keeps it from being known. */
export async function countUnknownSchedules({
  policy,
  facts,
  clock,
}: Pick<FrontPorts, "policy" | "clock"> & {
  readonly facts: Pick<FrontPorts["facts"], "schedules">;
}): Promise<number> {
  const keys = [...new Set(Object.values(policy.schedules ?? {}).map(scheduleKey))];
  if (keys.length === 0) return 0;
  const [readings, now] = [await facts.schedules(keys), clock.now()];
  return keys.filter((key) => !isKnown(readings.get(key), now)).length;
}
