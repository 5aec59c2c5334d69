import { describe, expect, it } from "vitest";
import { findingLife } from "../../../../lab/simulation/notices/finding-life.ts";

const SEEDS = 120;

describe("the life of findings, whatever happens", () => {
  it(`in ${SEEDS} seeds each finding and acknowledgement is shown and published, and no message is false`, async () => {
    const lives: Awaited<ReturnType<typeof findingLife>>[] = [];
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const life = await findingLife(seed);
      expect({ seed, violations: life.violations }).toEqual({ seed, violations: [] });
      lives.push(life);
    }
    const sum = (of: (life: (typeof lives)[number]) => number) =>
      lives.reduce((total, life) => total + of(life), 0);
    expect(sum(({ findings }) => findings)).toBeGreaterThan(2 * SEEDS);
    expect(sum(({ acknowledgements }) => acknowledgements)).toBeGreaterThan(SEEDS);
    expect(sum(({ notices }) => notices.messages)).toBeGreaterThan(SEEDS);
    expect(sum(({ notices }) => notices.troubles)).toBeGreaterThan(SEEDS);
    expect(sum(({ notices }) => notices.duplicates)).toBeGreaterThan(0);
  });

  it("an hour without Slack loses no finding", async () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { violations, findings, notices } = await findingLife(seed, "absent");
      expect({ seed, violations }).toEqual({ seed, violations: [] });
      expect(notices.messages).toBeGreaterThanOrEqual(findings);
    }
  });
});
