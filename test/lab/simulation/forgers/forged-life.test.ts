import { describe, expect, it } from "vitest";
import { forgedLife } from "../../../../lab/simulation/forgers/forged-life.ts";
import { addTallies, NO_COUNTS } from "../../../../lab/simulation/oracle/tally.ts";

describe("Lives with a forger", () => {
  it("Nobody keeps or moves access by writing into the tables", async () => {
    let counts = NO_COUNTS;
    for (let seed = 1; seed <= 60; seed += 1) {
      const life = await forgedLife(seed);
      expect({ seed, violations: life.violations }).toEqual({ seed, violations: [] });
      counts = addTallies(counts, life.counts);
    }
    // Every deed was done, and often enough to mean something.
    const deeds = Object.entries(counts["intruder"] ?? {});
    expect(deeds.length).toBe(10);
    for (const [deed, count] of deeds) expect([deed, count >= 20]).toEqual([deed, true]);
  });

  it("A forger may write a record without a principal", async () => {
    // In this life it does so to a record that is not one of the whole grants that it forged.
    expect((await forgedLife(6_530)).violations).toEqual([]);
  });

  it("The same seed gives the same life", async () => {
    const traceOf = async () => {
      const lines: string[] = [];
      await forgedLife(7, (line) => lines.push(line));
      return lines;
    };
    expect(await traceOf()).toEqual(await traceOf());
  });
});
