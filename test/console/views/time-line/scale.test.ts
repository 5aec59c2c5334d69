import { describe, expect, it } from "vitest";
import {
  intervalOf,
  movedEnd,
  SPANS,
  shareOf,
  ticksOf,
} from "../../../../console/views/time-line/scale.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";

const NOW = "2026-11-24T10:04:30.000Z";

describe("the interval of a time line", () => {
  it.each(SPANS)(
    "A look of $label that follows the clock has now and something of what is to come",
    ({ seconds }) => {
      const { from, to } = intervalOf(seconds, undefined, NOW);
      expect(secondsBetween(from, to)).toBe(seconds);
      expect(shareOf({ from, to }, NOW)).toBeGreaterThan(0.8);
      expect(shareOf({ from, to }, NOW)).toBeLessThan(1);
    },
  );

  it("A look that follows the clock stays the same for a while, so that its reads do", () => {
    const at = (seconds: number) => intervalOf(3_600, undefined, plusSeconds(NOW, seconds));
    expect(at(20)).toEqual(at(0));
    expect(at(300)).not.toEqual(at(0));
  });

  it("It moves by half of itself, and follows the clock again once it would pass it", () => {
    const first = intervalOf(3_600, undefined, NOW);
    const earlier = movedEnd(first, -1, NOW);
    expect(earlier).toBe(plusSeconds(first.to, -1_800));
    const look = intervalOf(3_600, earlier, NOW);
    expect(look).toEqual({ from: plusSeconds(first.from, -1_800), to: earlier });
    expect(movedEnd(look, -1, NOW)).toBe(plusSeconds(first.to, -3_600));
    expect(movedEnd(look, 1, NOW)).toBeUndefined();
  });

  it("Its clock has round times, in order, and no more of them than have room", () => {
    for (const { seconds } of SPANS)
      for (const most of [2, 4, 8]) {
        const interval = intervalOf(seconds, undefined, NOW);
        const ticks = ticksOf(interval, most);
        expect(ticks.length).toBeGreaterThan(0);
        expect(ticks.length).toBeLessThanOrEqual(most + 1);
        for (const { at, label } of ticks) {
          expect(at >= interval.from && at < interval.to).toBe(true);
          expect(new Date(at).getMinutes() % 5).toBe(0);
          expect(label).toMatch(/^\d\d[:-]\d\d$/);
        }
        expect(ticks).toEqual(ticks.toSorted((a, b) => (a.at < b.at ? -1 : 1)));
      }
  });
});
