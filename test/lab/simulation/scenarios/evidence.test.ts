import { describe, expect, it } from "vitest";
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
});
