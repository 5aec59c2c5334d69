import { placeName } from "../../shared/domain/evidence/trail/trail-look.ts";
import {
  CALLS_PER_SECOND,
  HISTORY_SECONDS,
  LookupThrottled,
  type SessionEvents,
  type TrailLookup,
} from "../../shared/ports/trail-lookup.ts";
import type { FixedClock } from "./fixed-clock.ts";

/** The events on a page of LookupEvents. */
const PAGE = 50;

/** The fields of a record that the event history looks at. */
interface ListedRecord {
  readonly eventTime: string;
  readonly recipientAccountId: string;
  readonly awsRegion: string;
  readonly userIdentity: { readonly arn: string };
}

interface Failure {
  readonly error: Error;
  readonly place: string | undefined;
  readonly asked: () => void;
}

/** CloudTrail's event histories in memory, each with its limit of calls by the clock. */
export function memoryTrailLookup(clock: Pick<FixedClock, "now">) {
  const records: ListedRecord[] = [];
  const lookups: SessionEvents[] = [];
  let failure: Failure | undefined;
  const calledAt = new Map<string, readonly number[]>();
  const admit = (place: string) => {
    const now = Date.parse(clock.now());
    const recent = (calledAt.get(place) ?? []).filter((at) => at > now - 1_000);
    if (recent.length >= CALLS_PER_SECOND) throw new LookupThrottled();
    calledAt.set(place, [...recent, now]);
  };
  const found = ({ place, sessionName, from, until }: SessionEvents) => {
    const forgotten = Date.parse(clock.now()) - HISTORY_SECONDS * 1_000;
    return records
      .map((record) => ({ record, at: Date.parse(record.eventTime) }))
      .filter(
        ({ record: { recipientAccountId: account, awsRegion: region } }) =>
          account === place.account && region === place.region,
      )
      .filter(
        ({ record, at }) => record.userIdentity.arn.endsWith(`/${sessionName}`) && at >= forgotten,
      )
      .filter(({ at }) => at >= Date.parse(from) && at <= Date.parse(until))
      .toSorted((a, b) => b.at - a.at);
  };
  const lookup: TrailLookup = {
    async eventsOf(sessions, page) {
      const name = placeName(sessions.place);
      if (failure && (failure.place ?? name) === name) {
        failure.asked();
        throw failure.error;
      }
      admit(name);
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
    /** The lookups, page by page. */
    lookups,
    /**
     * Makes lookups fail, those of one place or all; undefined ends it.
     * @param place as `placeName` has it
     * @param asked called for each lookup that fails
     */
    fail(error: Error | undefined, place?: string, asked: () => void = () => undefined) {
      failure = error && { error, place, asked };
    },
    add: (record: object) => void records.push(record as ListedRecord),
  };
}
