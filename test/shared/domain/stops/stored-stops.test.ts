/** The latest stops of a chain whose records others may have spoiled. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import {
  NO_STOPS,
  type Stops,
  stopRecord,
  stopsAfter,
} from "../../../../shared/domain/stops/stops.ts";
import {
  isStopRecord,
  latestStops,
  type StoredStop,
} from "../../../../shared/domain/stops/stored-stops.ts";

const suspending = (before: Stops, person: string) =>
  stopRecord(before, {
    type: "suspend",
    actor: "carol",
    at: T0,
    policyHash: "p",
    details: { person, reason: "an incident", surface: "api", proof: {} },
  });
const ONE = suspending(NO_STOPS, "alice");
const TWO = suspending(stopsAfter(ONE), "bob");
const stored = (record: unknown, seq: number): StoredStop => ({ seq, record });
const namesIn = (stops: Stops | undefined) => stops && Object.keys(stops.people);

describe("The latest stops", () => {
  it("They are those after the last record, and the next one follows it", () => {
    const stops = latestStops([stored(TWO, 2), stored(ONE, 1)], true);
    expect(stops).toEqual(stopsAfter(TWO));
    expect(latestStops([], true)).toEqual(NO_STOPS);
  });

  it("A record at another place than its own says nothing, as a copy of an old one", () => {
    const stops = latestStops([stored(ONE, 3), stored(TWO, 2), stored(ONE, 1)], true);
    expect(namesIn(stops)).toEqual(["alice", "bob"]);
  });

  it("What is spoiled is passed over, and its place stays taken", () => {
    const stops = latestStops([stored("spoiled", 3), stored(TWO, 2), stored(ONE, 1)], true);
    expect(stops).toEqual({ ...stopsAfter(TWO), seq: 3 });
  });

  it("Where no record is left of those that were read, they are known only if all were read", () => {
    expect(latestStops([stored("spoiled", 9)], false)).toBeUndefined();
    expect(latestStops([stored("spoiled", 2), stored("spoiled", 1)], true)).toEqual({
      ...NO_STOPS,
      seq: 2,
    });
  });

  it.each([9, 999_999])("What is spoiled at the late place %i takes no place before it", (late) => {
    const stops = latestStops([stored("spoiled", late), stored(TWO, 2), stored(ONE, 1)], true);
    expect(stops).toEqual(stopsAfter(TWO));
    expect(latestStops([stored("spoiled", late)], true)).toEqual(NO_STOPS);
  });

  it("A record that none can follow, since no place is left behind it, is passed over", () => {
    const last = { ...TWO, seq: 999_999 };
    const before = { ...TWO, seq: 999_998 };
    const records = [stored(last, last.seq), stored(before, before.seq), stored(ONE, 1)];
    expect(latestStops(records, true)).toEqual(stopsAfter(ONE));
    expect(latestStops([stored(last, last.seq)], false)).toBeUndefined();
    expect(latestStops([stored(before, before.seq)], false)).toEqual(stopsAfter(before));
  });

  it.each([
    ["type", { type: "stop" }],
    ["actor", { actor: "x".repeat(65) }],
    ["instant", { at: 7 }],
    ["hash", { hash: null }],
    ["place", { seq: 1.5 }],
    ["person", { details: { ...ONE.details, person: 7 } }],
    ["reason", { details: { ...ONE.details, reason: undefined } }],
    ["people", { details: { ...ONE.details, after: { people: null } } }],
  ])("A record without a sound %s is none", (_, change) => {
    expect(isStopRecord(ONE)).toBe(true);
    expect(isStopRecord({ ...ONE, ...change })).toBe(false);
  });
});
