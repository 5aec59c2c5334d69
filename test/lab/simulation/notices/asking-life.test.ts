import { describe, expect, it } from "vitest";
import { askingLife, hasAskingLife } from "../../../../lab/simulation/notices/asking-life.ts";

const SEEDS = 30;

describe("lives in which people are asked again, whatever happens", () => {
  it(`in ${SEEDS} seeds approvers and reviewers are asked in time, once, and never for nothing`, async () => {
    const lives: Awaited<ReturnType<typeof askingLife>>[] = [];
    for (let seed = 101; seed <= 100 + SEEDS; seed += 1) {
      const life = await askingLife(seed);
      expect({ seed, violations: life.violations }).toEqual({ seed, violations: [] });
      lives.push(life);
    }
    const sum = (of: (life: (typeof lives)[number]) => number) =>
      lives.reduce((total, life) => total + of(life), 0);
    expect(sum(({ requests }) => requests)).toBeGreaterThan(2 * SEEDS);
    expect(sum(({ notices }) => notices.messages)).toBeGreaterThan(10 * SEEDS);
    expect(sum(({ notices }) => notices.troubles)).toBeGreaterThan(SEEDS);
    expect(sum(({ notices }) => notices.duplicates)).toBeGreaterThan(0);
  });

  it("one lost answer has a reminder and an escalation published again", async () => {
    const { violations } = await askingLife(8_202_744);
    expect(violations).toEqual([]);
  });

  it("about an eighth of the seeds have such a life beside theirs", () => {
    const seeds = Array.from({ length: 4_000 }, (_, at) => at + 1);
    const share = seeds.filter(hasAskingLife).length / seeds.length;
    expect(share).toBeGreaterThan(0.11);
    expect(share).toBeLessThan(0.14);
  });
});
