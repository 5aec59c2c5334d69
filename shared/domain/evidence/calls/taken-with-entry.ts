/**
 * The addition of others to an access entry just before a call of ours deletes it. No read could
 * show it, and EKS has no conditional delete. So it goes with the entry, and only CloudTrail shows
 * that it was there.
 */
import { type Lag, visibleFrom } from "../../entries/lag.ts";
import { plusSeconds } from "../../values/instant.ts";
import type { EvidenceTimes } from "../evidence-times.ts";
import { changeOf, type TrailEvent } from "../trail/trail-event.ts";

/** A call of ours that deleted an access entry: converge's, or a fuse's. */
export interface EntryDeletion {
  /** Null where CloudTrail has no request id of a fuse's call. */
  readonly eksRequestId: string | null;
  readonly sessionName: string | null;
  /**
   * When it was answered, or when EKS completed it where only CloudTrail shows it. ISO 8601 UTC.
   */
  readonly at: string;
  /** Ids of the grants whose access it removed. */
  readonly requestIds: readonly string[];
}

export type TakenTimes = EvidenceTimes & Pick<Lag, "readLagSeconds">;

/** A run may read at its beginning, and delete at its end. CloudTrail cuts the fraction of a second off. */
const RUN_SECONDS = 10;
const RESOLUTION_SECONDS = 1;

/** Whether others added something to the entry. Creating it without groups gives nobody access. */
export const addsAccess = (event: TrailEvent): boolean =>
  event.errorCode === null &&
  event.operation !== "DisassociateAccessPolicy" &&
  changeOf(event).elements.length > 0;

/** From then on, a deletion follows a read that shows what was added at `eventTime`. */
export const shownFrom = (eventTime: string, times: TakenTimes): string =>
  plusSeconds(
    visibleFrom(eventTime, { ...times, landsWithinSeconds: 0 }),
    RUN_SECONDS + RESOLUTION_SECONDS,
  );

/**
 * The deletion that took what the event added, with all grants that it served. An addition proves that the entry was there, so one that
 * seems to follow the deletion preceded it by another clock. A creation proves that no entry was there.
 */
export function takenBy(
  event: TrailEvent,
  deletions: readonly EntryDeletion[],
  times: TakenTimes,
): EntryDeletion | undefined {
  const ahead = event.operation === "CreateAccessEntry" ? 0 : times.clockDifferenceSeconds;
  const from = plusSeconds(event.eventTime, -ahead);
  const within = deletions.filter(({ at }) => at >= from && at < shownFrom(event.eventTime, times));
  const [first] = within;
  if (first === undefined) return undefined;
  const same = within.filter(({ eksRequestId }) => eksRequestId === first.eksRequestId);
  return { ...first, requestIds: [...new Set(same.flatMap(({ requestIds }) => requestIds))] };
}

/**
 * The time until which a deletion that took the event's addition may still become known; undefined
 * where there can be no such deletion. A grant that was over by then may have lost its access with
 * the entry, by a call that is not on record yet.
 *
 * @param ends of each grant that may have had access then: from when on it was over, null while it is not
 */
export function deletionKnownBy(
  { eventTime }: TrailEvent,
  ends: readonly (string | null)[],
  now: string,
  times: TakenTimes,
): string | undefined {
  const shown = shownFrom(eventTime, times);
  if (ends.length > 0 && now < shown) return shown;
  const recorded = plusSeconds(shown, times.evidenceSettleSeconds);
  const isOver = ends.some((end) => end !== null && end < shown);
  return isOver && now < recorded ? recorded : undefined;
}
