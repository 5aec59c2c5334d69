/** Records that claim something else of an event than another record does: a true one hides no false one. */
import { describe, expect, it } from "vitest";
import type { ArchivedRecord } from "../../../../../shared/domain/evidence/archive/archived-record.ts";
import { reported } from "../../../../attacks/finders.ts";
import { type Body, withDetails } from "../../../../attacks/forgeries.ts";
import { recordedDay } from "../../../../attacks/recorded-day.ts";

const DAY = await recordedDay();

/** The faults that `timelatch audit report --cloudtrail` shows of these records. */
const shown = (records: readonly ArchivedRecord[]): readonly string[] =>
  reported({
    day: DAY,
    store: { objects: new Map([["records/1", records.map((one) => JSON.stringify(one))]]) },
  } as never);

/** The first record of a kind with other details, under another chain or its own. */
function other(kind: string, details: Body, id?: string): ArchivedRecord {
  const one = DAY.records.find(({ chain }) => chain.startsWith(`${kind}#`));
  if (!one) throw new Error(`The day has no ${kind}.`);
  const record = withDetails(one.record as unknown as Body, details);
  return { chain: id ? `${kind}#${id}` : one.chain, record: record as never };
}

const instead = (one: ArchivedRecord): readonly ArchivedRecord[] =>
  DAY.records.map((each) =>
    each.chain === one.chain && each.record.seq === one.record.seq ? one : each,
  );

const eventOf = (one: ArchivedRecord) =>
  (one.record as unknown as { readonly details: { readonly event: Body } }).details.event;

describe("False claims about events", () => {
  it("Nothing is contradicted where nobody claims anything false", () => {
    expect(shown(DAY.records)).toEqual([]);
  });

  it.each([
    ["before", (one: ArchivedRecord) => [one, ...DAY.records]],
    ["behind", (one: ArchivedRecord) => [...DAY.records, one]],
  ])("A false confirmation %s a true one of the same call is contradicted", (_, placed) => {
    const eventTime = "2026-11-24T09:00:00.000Z";
    expect(shown(placed(other("EVID", { eventTime }, "x")))).toEqual(["event-request-000001"]);
  });

  it.each([
    ["before", (one: ArchivedRecord) => [one, ...DAY.records]],
    ["behind", (one: ArchivedRecord) => [...DAY.records, one]],
  ])("A false record %s a true one of the same finding is contradicted", (_, placed) => {
    const one = other("FIND", {}, "x");
    const forged = other(
      "FIND",
      { event: { ...eventOf(one), operation: "DeleteAccessEntry" } },
      "x",
    );
    expect(shown(placed(forged))).toEqual(["change-1"]);
  });

  it.each([
    ["id", { findingId: "f".repeat(32) }],
    ["target", { target: "groups" }],
    ["event's own id", { event: { ...eventOf(other("FIND", {})), eventId: "change-2" } }],
  ])("A finding whose %s is not that of its event is contradicted", (_, details) => {
    expect(shown(instead(other("FIND", details)))).toContain("change-1");
  });
});
