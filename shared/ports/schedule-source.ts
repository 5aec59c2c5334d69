import type { OnCallSchedule } from "../domain/facts/on-call-schedule.ts";
import type { ScheduleLook } from "../domain/facts/schedule-reading.ts";

/** The services that say who is on call. */
export interface ScheduleSource {
  /**
   * Asks the service of a schedule who is on call. Never fails because of a service: what it does not
   * tell is unknown, and `detail` has more for an operator.
   *
   * @param now ISO 8601 UTC, the instant that is asked about
   */
  look(schedule: OnCallSchedule, now: string): Promise<ScheduleLook & { readonly detail?: string }>;
}
