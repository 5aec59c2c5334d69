import fc from "fast-check";
import { expect, test } from "vitest";
import { instantSeen, past } from "../../../../lab/sandbox/aws/past.ts";
import type { Call } from "../../../../lab/sandbox/aws/service.ts";

const call = (staleMilliseconds?: number) =>
  (staleMilliseconds === undefined ? {} : { staleMilliseconds }) as Call;

test("A past answers what a key held at an instant, and nothing before it held anything", () => {
  const kept = past<{ n: number }>(1000);
  kept.note(0, new Map());
  kept.note(10, new Map([["a", { n: 1 }]]));
  kept.note(20, new Map([["a", { n: 2 }]]));
  kept.note(30, new Map());
  expect([9, 10, 19, 20, 29, 30].map((at) => kept.at("a", at)?.n)).toEqual([
    undefined,
    1,
    1,
    2,
    2,
    undefined,
  ]);
  expect(kept.keys()).toEqual(["a"]);
});

test("The first note of a past holds for all time before it", () => {
  const kept = past<string>(1000);
  kept.note(500, new Map([["a", "x"]]));
  expect(kept.at("a", 0)).toBe("x");
});

test("A past keeps copies, so that a change in place leaves them alone", () => {
  const kept = past<string[]>(1000);
  const value = ["x"];
  kept.note(0, new Map([["a", value]]));
  value.push("y");
  kept.at("a", 0)?.push("z");
  expect(kept.at("a", 0)).toEqual(["x"]);
});

test("A past forgets a key that has held nothing for as long as it keeps", () => {
  const kept = past<string>(100);
  kept.note(0, new Map([["a", "x"]]));
  kept.note(10, new Map());
  kept.note(109, new Map());
  expect(kept.keys()).toEqual(["a"]);
  kept.note(110, new Map());
  expect(kept.keys()).toEqual([]);
});

test("A past answers for each instant that it keeps as if it kept all", () => {
  const steps = fc.array(fc.record({ wait: fc.integer({ min: 1, max: 6 }), value: fc.nat(2) }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(steps, fc.nat(12), (given, back) => {
      const kept = past<number>(12);
      const history: { at: number; value: number | undefined }[] = [];
      let at = 0;
      for (const { wait, value } of given) {
        at += wait;
        const held = value === 0 ? undefined : value;
        history.push({ at, value: held });
        kept.note(at, new Map(held === undefined ? [] : [["a", held]]));
      }
      const seen = history.findLast((one) => one.at <= at - back) ?? history[0];
      expect(kept.at("a", at - back)).toBe(seen?.value);
    }),
  );
});

test("A read is at most the lag old, and half of all reads show the present", () => {
  const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fraction, fraction, fc.nat(300), (coin, age, lagSeconds) => {
      const draws = [coin, age];
      const lag = { lagSeconds, now: () => 1_000_000, random: () => draws.shift() ?? 0 };
      const seen = instantSeen(call(), lag);
      expect(seen).toBeLessThanOrEqual(1_000_000);
      expect(seen).toBeGreaterThanOrEqual(1_000_000 - lagSeconds * 1000);
      if (coin < 0.5) expect(seen).toBe(1_000_000);
    }),
  );
});

test("A fault's age is exact, whatever the lag", () => {
  const lag = { lagSeconds: 60, now: () => 10_000, random: () => 0.9 };
  expect(instantSeen(call(400), lag)).toBe(9600);
});
