import { describe, expect, it } from "vitest";
import {
  HARDSHIPS,
  type Hardship,
  hardshipsOf,
} from "../../../../lab/simulation/faults/hardship.ts";
import { siteOf } from "../../../../lab/simulation/network/call-site.ts";
import { simulate } from "../../../../lab/simulation/simulate.ts";
import { READ_PROMISES } from "../../../contracts/read-promises.ts";

/** Not every life has something under way when its hardship comes. */
const LIVES = 60;
/** The first seed whose life meets the hardship, and in which it strikes. */
async function struckBy(hardship: Hardship): Promise<number | undefined> {
  let tries = 0;
  for (let seed = 1; tries < LIVES; seed += 1) {
    if (!hardshipsOf(seed, { sweep: true }).has(hardship)) continue;
    tries += 1;
    const { counts, violations } = await simulate(seed);
    expect(violations, `seed ${seed}`).toEqual([]);
    if ((counts["hardships"]?.[hardship] ?? 0) > 0) return seed;
  }
  return undefined;
}

describe("rare faults that last", () => {
  it.each(HARDSHIPS)(
    "some life meets %s, and counts it",
    { timeout: 300_000 },
    async (hardship) => {
      expect(await struckBy(hardship)).toBeDefined();
    },
  );

  it("most lives meet none, and a life without a sweep never does", () => {
    const seeds = Array.from({ length: 400 }, (_, at) => at + 1);
    const met = (sweep: boolean) =>
      seeds.filter((seed) => {
        const { has } = hardshipsOf(seed, { sweep });
        return HARDSHIPS.some((hardship) => has(hardship));
      }).length;
    expect(met(true)).toBeGreaterThan(120);
    expect(met(true)).toBeLessThan(200);
    expect(met(false)).toBe(0);
  });
});

describe("calls of ports", () => {
  it("a call that a port names a read changes nothing, and one that it names a write does", () => {
    const stores = ["requests", "bindings", "ledgers", "circuits", "delegations"] as const;
    for (const store of stores)
      for (const [method, promise] of Object.entries(READ_PROMISES[store])) {
        const operation = `${store}.${method}`;
        expect([operation, siteOf(operation).writes]).toEqual([operation, promise === "write"]);
      }
  });
});
