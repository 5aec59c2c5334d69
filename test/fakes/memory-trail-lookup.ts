import {
  CALLS_PER_SECOND,
  HISTORY_SECONDS,
  LookupThrottled,
  type SessionEvents,
  type TrailLookup,
} from "../../shared/ports/trail-lookup.ts";
import type { FixedClock } from "./fixed-clock.ts";

/** As many events has a page of LookupEvents. */
const PAGE = 50;

/** What of a record the event history looks at. */
interface ListedRecord {
  readonly eventTime: string;
  readonly userIdentity: { readonly arn: string };
}

/** CloudTrail's event history in memory, with its limit of calls by the clock. */
export function memoryTrailLookup(clock: Pick<FixedClock, "now">) {
  const records: ListedRecord[] = [];
  const lookups: SessionEvents[] = [];
  let failure: Error | undefined;
  let calledAt: readonly number[] = [];
  const admit = () => {
    const now = Date.parse(clock.now());
    calledAt = calledAt.filter((at) => at > now - 1_000);
    if (calledAt.length >= CALLS_PER_SECOND) throw new LookupThrottled();
    calledAt = [...calledAt, now];
  };
  const found = ({ sessionName, from, until }: SessionEvents) => {
    const forgotten = Date.parse(clock.now()) - HISTORY_SECONDS * 1_000;
    return records
      .map((record) => ({ record, at: Date.parse(record.eventTime) }))
      .filter(
        ({ record, at }) => record.userIdentity.arn.endsWith(`/${sessionName}`) && at >= forgotten,
      )
      .filter(({ at }) => at >= Date.parse(from) && at <= Date.parse(until))
      .toSorted((a, b) => b.at - a.at);
  };
  const lookup: TrailLookup = {
    async eventsOf(sessions, page) {
      if (failure) throw failure;
      admit();
      lookups.push(sessions);
      const all = found(sessions);
      const start = Number(page ?? 0);
      const events = all.slice(start, start + PAGE);
      const oldest = events.at(-1);
      return {
        records: events.map(({ record }) => JSON.stringify(record)),
        oldest: oldest ? new Date(oldest.at).toISOString() : null,
        next: start + PAGE < all.length ? String(start + PAGE) : undefined,
      };
    },
  };
  return {
    lookup,
    /** What was looked up, page by page. */
    lookups,
    /** Makes lookups fail; undefined ends it. */
    fail(error: Error | undefined) {
      failure = error;
    },
    add: (record: object) => void records.push(record as ListedRecord),
  };
}
