import { describe, expect, it } from "vitest";
import { archiveHourWith } from "../../../lab/bench/audit/archive-hour.ts";
import { itemsReadPerAppend } from "../../../lab/bench/audit/chain-appends.ts";
import { itemsPerEvent } from "../../../lab/bench/audit/correlate-items.ts";
import { exportRates } from "../../../lab/bench/audit/export-rates.ts";
import { exportAndVerify } from "../../../lab/bench/audit/export-verify.ts";
import { mapToOcsf } from "../../../lab/bench/audit/ocsf-mapping.ts";
import { sealADay } from "../../../lab/bench/audit/seal-a-day.ts";
import { MOST_GROWTH } from "../../../lab/bench/audit.ts";

const REQUESTS = 500;

describe("the cost of auditing", () => {
  it("an export of forty events a request is verified in the memory of one of ten", async () => {
    const short = await exportAndVerify(REQUESTS, 10);
    const long = await exportAndVerify(REQUESTS, 40);
    expect([short.events, long.events]).toEqual([5_000, 20_000]);
    expect(long.mostBytes).toBeLessThan(short.mostBytes * 2);
  });

  it("an append to a chain reads as much behind 300 records as behind 10", async () => {
    const [short, long] = [await itemsReadPerAppend(10), await itemsReadPerAppend(300)];
    expect(short).toBeGreaterThan(0);
    expect(long / short).toBeLessThanOrEqual(MOST_GROWTH.reads);
  });

  it("an event costs the same beside 400 grants as beside 100, wherever they are", async () => {
    for (const each of [10, undefined]) {
      const [few, many] = [100, 400].map((grants) => ({ grants, each: each ?? grants }));
      if (few && many) expect(await itemsPerEvent(many)).toEqual(await itemsPerEvent(few));
    }
  });

  it("every event is exported before it is verified, and found sound", async () => {
    const { exported, verified } = await exportRates(100, 10);
    expect(Math.min(exported, verified)).toBeGreaterThan(0);
  });

  it("every event is mapped to OCSF, and every record archived", async () => {
    expect(mapToOcsf(100, 10).perSecond).toBeGreaterThan(0);
    expect(await archiveHourWith(1_000)).toBeGreaterThan(0);
  });

  it("a day is sealed whole, with one leaf for each chain", async () => {
    expect(await sealADay(20_000)).toMatchObject({ chains: 2_000 });
  });
});
