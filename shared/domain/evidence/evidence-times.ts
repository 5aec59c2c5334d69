/** How long evidence may take, in seconds, and when an event can have happened. */
import { plusSeconds } from "../values/instant.ts";

export interface EvidenceTimes {
  /** After an event of a role of ours, how long its record may take to be stored. */
  readonly evidenceSettleSeconds: number;
  /** After a call, how long CloudTrail may take to show it. */
  readonly evidenceMissingSeconds: number;
  /** The most that our clocks and AWS's may differ. */
  readonly clockDifferenceSeconds: number;
}

/** CloudTrail cuts the fraction of a second off. */
const RESOLUTION_SECONDS = 1;

/** Whether an event can have happened between two instants, as far as clocks agree. */
export const happenedWithin = (
  eventTime: string,
  from: string,
  until: string,
  { clockDifferenceSeconds }: Pick<EvidenceTimes, "clockDifferenceSeconds">,
): boolean =>
  eventTime >= plusSeconds(from, -clockDifferenceSeconds - RESOLUTION_SECONDS) &&
  eventTime <= plusSeconds(until, clockDifferenceSeconds);

/** Whether an event can have happened at an instant or later, as far as clocks agree. */
export const happenedSince = (
  eventTime: string,
  from: string,
  times: Pick<EvidenceTimes, "clockDifferenceSeconds">,
): boolean => happenedWithin(eventTime, from, eventTime, times);

/** An instant behind every one that `happenedSince` lets an event follow. */
export const afterAllBefore = (
  eventTime: string,
  { clockDifferenceSeconds }: Pick<EvidenceTimes, "clockDifferenceSeconds">,
): string => plusSeconds(eventTime, clockDifferenceSeconds + 2 * RESOLUTION_SECONDS);

/**
 * Whether an event came after a grant's proven end, or in its second: CloudTrail cuts the fraction
 * off. Clocks need no allowance. The read that proves an end is later than every call that could add
 * access, by more than clocks differ.
 *
 * @param end when it was stored; undefined while the grant has not ended
 */
export const isAfterEnd = (eventTime: string, end: string | undefined): boolean =>
  end !== undefined && eventTime >= `${end.slice(0, "2026-11-24T10:00:00".length)}.000Z`;
