/**
 * Intruders with the rights of one role, who write anything to the record. Some finder that does not lean on their role
 * finds each change that people rest on, as surely as the table of docs/threat-model.md says.
 */
import { describe, expect, it } from "vitest";
import { FINDERS } from "../attacks/finder.ts";
import { anyIntrusion, cellsOf, type Intrusion, leastOf } from "../attacks/intrusion.ts";
import { fuzzHeavy, fuzzLeast, fuzzReached, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

const USUAL = 50;

/** The faults of an intrusion, a sentence each. */
function faultsOf({ role, made, changed, finder }: Intrusion): readonly string[] {
  const cells = cellsOf();
  const impossible = made.filter(({ deed }) => cells(role, deed).length === 0);
  const dashes = impossible.map(({ deed }) => `The table says that ${role} cannot ${deed}.`);
  if (changed.length === 0) return dashes;
  const shown = `${changed.join(" and ")} say something else`;
  if (finder === undefined) return [...dashes, `Nothing found it, though ${shown}.`];
  // Where the archive has a finding as it was, the report lists it as an open one.
  const worst = leastOf(
    made.flatMap(({ deed }) => [...cells(role, deed), ...(deed === "un-find" ? ["kept"] : [])]),
  );
  return FINDERS.indexOf(finder) <= worst
    ? dashes
    : [...dashes, `Only ${finder} found it, which is less sure than the table says.`];
}

const told = (seed: number, { role, moment, made }: Intrusion, faults: readonly string[]) =>
  [
    `Seed ${seed}: ${role}, ${moment}. FUZZ_SEED=${seed} FUZZ_RUNS=1 npm test -- record-intruders plays it again.`,
    ...made.map(({ what }) => `- ${what.slice(0, 300)}`),
    ...faults,
  ].join("\n");

describe("Intruders on the record", () => {
  it("Whatever one role writes that people would rest on, something finds that is not its own", async () => {
    const { numRuns, seed } = fuzzHeavy(USUAL);
    const counts = new Map<string, number>();
    const count = (what: string, more = 1) => counts.set(what, (counts.get(what) ?? 0) + more);
    for (let at = seed; at < seed + numRuns; at += 1) {
      const intrusion = await anyIntrusion(at);
      const { role, made, refused, changed, finder } = intrusion;
      const faults = faultsOf(intrusion);
      if (faults.length > 0) expect.unreachable(told(at, intrusion, faults));
      count("writes refused", refused.length);
      if (made.length === 0) count("intrusions refused as a whole");
      else if (changed.length === 0) count("intrusions without an effect");
      else {
        count("intrusions found");
        count(`found by ${finder}`);
        count(`found of ${role}`);
      }
    }
    for (const [what, reached] of counts) fuzzReached(reached, what);
    if (numRuns === 1) return;
    const least = { "intrusions found": 20, "writes refused": 15, "found by alarm": 3 };
    for (const [what, usual] of Object.entries(least))
      expect(counts.get(what) ?? 0, what).toBeGreaterThanOrEqual(fuzzLeast(usual));
    const kinds = (of: string) => [...counts.keys()].filter((what) => what.startsWith(of)).length;
    expect(kinds("found by ")).toBeGreaterThanOrEqual(fuzzLeast(4));
    expect(kinds("found of ")).toBeGreaterThanOrEqual(fuzzLeast(4));
  });
});
