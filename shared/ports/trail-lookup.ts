import type { TrailPlace } from "../domain/evidence/trail/trail-look.ts";

/**
 * CloudTrail's event histories, one for each account and region with clusters: the last
 * `HISTORY_SECONDS`.
 * `test/contracts/trail-lookup.contract.ts` says the same in code.
 */
export interface TrailLookup {
  /**
   * One page of the events that sessions of this name made in that place, reads among them, newest
   * first. All calls of an account and region together are limited to `CALLS_PER_SECOND`; the caller
   * keeps to it.
   *
   * @param page what the page before named as the next; undefined for the first
   * @throws LookupThrottled where somebody, perhaps in the console, has used up the limit
   */
  eventsOf(sessions: SessionEvents, page: string | undefined): Promise<TrailPage>;
}

export interface SessionEvents {
  readonly place: TrailPlace;
  readonly sessionName: string;
  /** The first and the last instant, both included. ISO 8601 UTC. */
  readonly from: string;
  readonly until: string;
}

export interface TrailPage {
  /** CloudTrail's records as JSON text. */
  readonly records: readonly string[];
  /** When the oldest of them happened; null for an empty page. ISO 8601 UTC. */
  readonly oldest: string | null;
  /** Names the next page; undefined behind the last. */
  readonly next: string | undefined;
}

/** How far the event history reaches back, in seconds. */
export const HISTORY_SECONDS = 90 * 86_400;

/**
 * How many lookups an account has in a region. More cannot be had.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const CALLS_PER_SECOND = 2;

/** The limit of lookups is used up for now. */
export class LookupThrottled extends Error {
  override readonly name = "LookupThrottled";
  constructor() {
    super(
      "CloudTrail takes no more lookups in this second. Nothing was read; the next run goes on.",
    );
  }
}
