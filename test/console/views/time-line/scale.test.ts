import { describe, expect, it } from "vitest";
import {
  draggedEnd,
  endAround,
  intervalOf,
  movedEnd,
  SPANS,
  shareOf,
  ticksOf,
  zoomed,
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

  it("It has an instant of the past in its middle, and follows the clock where that is near", () => {
    const at = "2026-11-23T15:33:00.000Z";
    for (const instant of [at, plusSeconds(NOW, -60)]) {
      const look = intervalOf(21_600, endAround(21_600, instant), NOW);
      expect(shareOf(look, instant)).toBe(0.5);
    }
  });

  it("It is dragged by as much as the mouse moves, and follows the clock again at its end", () => {
    const { from, to } = intervalOf(3_600, undefined, NOW);
    const end = draggedEnd({ from, to }, 0.25, NOW);
    expect(end).toBe(plusSeconds(to, -900));
    const look = intervalOf(3_600, end, NOW);
    expect(draggedEnd(look, 0.5, NOW)).toBe(plusSeconds(to, -2_700));
    expect(draggedEnd(look, -1, NOW)).toBeUndefined();
  });

  it("Zooming keeps the instant under the mouse at its place, and ends at an hour and ninety days", () => {
    const look = intervalOf(86_400, "2026-11-20T00:00:00.000Z", NOW);
    const at = plusSeconds(look.from, 0.3 * 86_400);
    for (const by of [-1, 1] as const) {
      const { seconds, end } = zoomed(look, by, 0.3, NOW) ?? { seconds: 0, end: undefined };
      expect(seconds).toBe(by < 0 ? 6 * 3_600 : 7 * 86_400);
      expect(shareOf(intervalOf(seconds, end, NOW), at)).toBeCloseTo(0.3);
    }
    expect(zoomed(intervalOf(3_600, look.to, NOW), -1, 0.5, NOW)).toBeUndefined();
    expect(zoomed(intervalOf(90 * 86_400, look.to, NOW), 1, 0.5, NOW)).toBeUndefined();
  });

  it("Zooming out to what is to come follows the clock", () => {
    const look = intervalOf(3_600, plusSeconds(NOW, -60), NOW);
    expect(zoomed(look, 1, 0, NOW)).toEqual({ seconds: 6 * 3_600, end: undefined });
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
