import { describe, expect, it } from "vitest";
import { runSeeds } from "../../simulation/run-seeds.ts";
import { removalsWithoutSlack } from "../../simulation/scenarios/notices.ts";

const SEEDS = 25;

describe("the life of messages, whatever happens", () => {
  it(
    `in ${SEEDS} seeds access ends at the same instants with Slack and without it`,
    async () => {
      let removals = 0;
      for (let seed = 1; seed <= SEEDS; seed += 1) {
        const count = await removalsWithoutSlack(seed);
        expect(count, `seed ${seed}`).toBeDefined();
        removals += count ?? 0;
      }
      expect(removals).toBeGreaterThan(2 * SEEDS);
    },
    5 * 60_000,
  );

  it("seeds repeat some messages, and meet many troubles", async () => {
    const { notices } = await runSeeds(1, 30);
    expect(notices.messages).toBeGreaterThan(250);
    expect(notices.duplicates).toBeGreaterThan(0);
    expect(notices.troubles).toBeGreaterThan(notices.duplicates);
  });
});
