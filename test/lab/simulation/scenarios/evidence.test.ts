import { describe, expect, it } from "vitest";
import { runSeeds } from "../../../../lab/simulation/run-seeds.ts";
import { removalsWithoutEvidence } from "../../../../lab/simulation/scenarios/evidence.ts";

const SEEDS = 60;

describe("evidence of lives, whatever happens", () => {
  it(
    `in ${SEEDS} seeds access ends at the same instants with evidence and without it`,
    async () => {
      let removals = 0;
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const count = await removalsWithoutEvidence(seed);
        expect(count, `seed ${seed}`).toBeDefined();
        removals += count ?? 0;
      }
      expect(removals).toBeGreaterThan(2 * SEEDS);
    },
    5 * 60_000,
  );

  it(
    "sixty seeds confirm and explain calls, miss some, and find and expect changes of others",
    async () => {
      const { evidence } = await runSeeds(1, 60);
      expect(evidence.events).toBeGreaterThan(500);
      expect(evidence.confirmed).toBeGreaterThan(200);
      for (const kind of ["explained", "findings", "expected"] as const)
        expect(evidence[kind], kind).toBeGreaterThan(5);
      expect(evidence.missing).toBeGreaterThan(1);
    },
    5 * 60_000,
  );
});
