import { expect, it } from "vitest";
import { recordWith } from "../../lab/fakes/raw-trail-events.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import {
  HISTORY_SECONDS,
  LookupThrottled,
  type SessionEvents,
  type TrailLookup,
} from "../../shared/ports/trail-lookup.ts";

export interface TrailLookupUnderTest {
  readonly lookup: TrailLookup;
  /** Adds one of CloudTrail's records to the event history. */
  readonly add: (record: object) => void;
  /** Lets seconds pass. */
  readonly pass: (seconds: number) => void;
  /** Now, as CloudTrail sees it. */
  readonly now: () => string;
}

const SESSION = "timelatch-1";
/** Another account with clusters. */
const OTHER = "444455556666";
/** The place of the tests' record. */
const PLACE = { partition: "aws", account: "111122223333", region: "us-west-2" };

/** The promises of every TrailLookup. */
export function trailLookupContract(name: string, make: () => Promise<TrailLookupUnderTest>) {
  /** An event history with events of a session, each with its age in seconds. */
  const withEvents = async (ages: readonly number[], session = SESSION) => {
    const history = await make();
    const start = `${history.now().slice(0, 19)}.000Z`;
    for (const age of ages.toReversed()) history.add(eventOf(session, plusSeconds(start, -age)));
    return { ...history, ago: (seconds: number) => plusSeconds(start, -seconds) };
  };
  const eventOf = (session: string, at: string) =>
    recordWith({
      eventID: `event-${session}-${Date.parse(at)}`,
      eventTime: `${at.slice(0, 19)}Z`,
      userIdentity: { arn: `arn:aws:sts::111122223333:assumed-role/timelatch-grantor/${session}` },
    });
  const timesIn = (records: readonly string[]) =>
    records.map((text) => `${JSON.parse(text).eventTime.slice(0, 19)}.000Z`);

  it(`${name} lists a session's events of a time, newest first, both ends included`, async () => {
    const { lookup, ago, add } = await withEvents([400, 300, 200, 100]);
    add(eventOf("timelatch-10", ago(250)));
    const wanted = { place: PLACE, sessionName: SESSION, from: ago(300), until: ago(200) };
    const { records, oldest, next } = await lookup.eventsOf(wanted, undefined);
    expect(timesIn(records)).toEqual([ago(200), ago(300)]);
    expect(oldest).toBe(ago(300));
    expect(next).toBeUndefined();
  });

  it(`${name} answers an empty page where a session has no events`, async () => {
    const { lookup, ago } = await withEvents([100]);
    const wanted = { place: PLACE, sessionName: "another", from: ago(300), until: ago(0) };
    expect(await lookup.eventsOf(wanted, undefined)).toEqual({
      records: [],
      oldest: null,
      next: undefined,
    });
  });

  it(`${name} answers many events in pages, each of them once`, async () => {
    const ages = Array.from({ length: 120 }, (_, index) => 500 - index);
    const { lookup, ago, pass } = await withEvents(ages);
    const wanted: SessionEvents = {
      place: PLACE,
      sessionName: SESSION,
      from: ago(600),
      until: ago(0),
    };
    const times: string[] = [];
    let page: string | undefined;
    do {
      const read = await lookup.eventsOf(wanted, page);
      times.push(...timesIn(read.records));
      expect(read.oldest).toBe(times.at(-1));
      page = read.next;
      pass(1);
    } while (page !== undefined);
    expect(times).toEqual(ages.toReversed().map(ago));
  });

  it(`${name} shows nothing that is older than 90 days`, async () => {
    const { lookup, ago } = await withEvents([HISTORY_SECONDS + 100, HISTORY_SECONDS - 100]);
    const wanted = {
      place: PLACE,
      sessionName: SESSION,
      from: ago(HISTORY_SECONDS + 200),
      until: ago(0),
    };
    const { records } = await lookup.eventsOf(wanted, undefined);
    expect(timesIn(records)).toEqual([ago(HISTORY_SECONDS - 100)]);
  });

  it(`${name} takes two lookups a second, and refuses a third`, async () => {
    const { lookup, ago, pass } = await withEvents([100]);
    const wanted = { place: PLACE, sessionName: SESSION, from: ago(300), until: ago(0) };
    await lookup.eventsOf(wanted, undefined);
    await lookup.eventsOf(wanted, undefined);
    await expect(lookup.eventsOf(wanted, undefined)).rejects.toThrow(LookupThrottled);
    pass(1);
    await expect(lookup.eventsOf(wanted, undefined)).resolves.toBeDefined();
  });

  it(`${name} lists no event of another account, and counts its lookups apart`, async () => {
    const { lookup, ago } = await withEvents([100]);
    const there = { sessionName: SESSION, from: ago(300), until: ago(0) };
    const wanted = { ...there, place: PLACE };
    const other = { ...there, place: { ...PLACE, account: OTHER } };
    for (const _each of [1, 2])
      expect((await lookup.eventsOf(other, undefined)).records).toEqual([]);
    await expect(lookup.eventsOf(other, undefined)).rejects.toThrow(LookupThrottled);
    expect((await lookup.eventsOf(wanted, undefined)).records).toHaveLength(1);
  });
}
