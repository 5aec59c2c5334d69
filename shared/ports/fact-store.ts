import type { ScheduleReading } from "../domain/facts/schedule-reading.ts";
import type { TicketReading } from "../domain/facts/ticket-reading.ts";

/** The part for those who judge. */
export type FactReads = Pick<FactStore, "schedules" | "tickets">;

/** The readings of other services. Only `outside` may write them. */
export interface FactStore {
  /**
   * The readings of some schedules, by their keys, in one consistent read. A schedule that was never
   * looked at is absent. Their ages are for the caller to judge.
   *
   * @param keys 100 at most, see `scheduleKey`
   */
  schedules(keys: readonly string[]): Promise<ReadonlyMap<string, ScheduleReading>>;
  /** Replaces a reading, unless the stored one is of a later look. It then changes nothing. */
  putSchedule(reading: ScheduleReading): Promise<void>;
  /** The same of tickets. @param keys 100 at most, see `ticketKey` */
  tickets(keys: readonly string[]): Promise<ReadonlyMap<string, TicketReading>>;
  /** As `putSchedule`. */
  putTicket(reading: TicketReading): Promise<void>;
}
