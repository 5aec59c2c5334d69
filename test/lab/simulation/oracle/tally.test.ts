import { describe, expect, it } from "vitest";
import { tooLittle } from "../../../../lab/simulation/oracle/least-counts.ts";
import { addTallies, countsText, Tally } from "../../../../lab/simulation/oracle/tally.ts";
import { runSeeds } from "../../../../lab/simulation/run-seeds.ts";

const MINUTE = 60_000;

describe("counts of what happened", () => {
  it("a fault is counted by its name, of all calls and of its operation", () => {
    const tally = new Tally();
    tally.strikes("entries.remove", "slow");
    tally.strikes("entries.remove", "slow");
    tally.strikes("requests.save", "slow");
    tally.count("runs", "overlap");
    expect(tally.counts).toEqual({
      calls: { slow: 3 },
      "entries.remove": { slow: 2 },
      "requests.save": { slow: 1 },
      runs: { overlap: 1 },
    });
  });

  it("counts of several lives are added, whatever each of them has", () => {
    const some = { calls: { slow: 1, late: 2 } };
    const more = { calls: { late: 3 }, runs: { overlap: 1 } };
    expect(addTallies(some, more, {})).toEqual({
      calls: { late: 5, slow: 1 },
      runs: { overlap: 1 },
    });
  });

  it("the text has a line for each group, operations last, the most frequent first", () => {
    const counts = { "entries.read": { slow: 1 }, runs: { crashed: 1, overlap: 2 } };
    expect(countsText(counts)).toBe("runs          overlap 2, crashed 1\nentries.read  slow 1\n");
  });

  it("a search says what happened too seldom for its seeds, and how many ends nobody judged", () => {
    const lines = tooLittle({ calls: { throttled: 1 }, ends: { byNobody: 3 } }, 20);
    expect(lines[0]).toBe("ends: 3 judged by nobody");
    expect(lines).toContain("calls: throttled 1 times, at least 29 expected");
    const enough = tooLittle({ calls: { throttled: 29 } }, 20);
    expect(enough.filter((line) => line.startsWith("calls: throttled"))).toEqual([]);
  });

  it(
    "the same seeds give the same counts, with one thread and with two",
    async () => {
      const { counts } = await runSeeds(1, 6, { workers: 1 });
      expect((await runSeeds(1, 6, { workers: 2 })).counts).toEqual(counts);
    },
    5 * MINUTE,
  );
});
