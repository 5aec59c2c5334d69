import fc from "fast-check";
import { expect, test } from "vitest";
import { laggedView } from "../../../../lab/sandbox/kubernetes/lagged-view.ts";

test("The first observed value is seen until something is older than the lag", () => {
  const view = laggedView<string>(10);
  view.observe(0, "a");
  view.observe(1, "b");
  expect(view.seen(10)).toBe("a");
  expect(view.seen(11)).toBe("b");
});

test("A change that was taken back within the lag is still seen for as long as it stood", () => {
  const view = laggedView<string>(10);
  for (const [at, value] of [
    [0, "a"],
    [2, "b"],
    [4, "a"],
  ] as const)
    view.observe(at, value);
  expect([11, 12, 13, 14].map((at) => view.seen(at))).toEqual(["a", "b", "b", "a"]);
});

test("A value is kept as it was, though it is changed in place", () => {
  const view = laggedView<string[]>(10);
  const value = ["a"];
  view.observe(0, value);
  value.push("b");
  view.observe(1, value);
  expect(view.seen(5)).toEqual(["a"]);
});

test("Without an observation there is nothing to see", () => {
  expect(() => laggedView(10).seen(0)).toThrow("Nothing was observed yet");
});

test("At any time the newest value is seen that is as old as the lag", () => {
  const steps = fc.array(fc.record({ wait: fc.nat(6), value: fc.nat(3) }), { minLength: 1 });
  fc.assert(
    fc.property(steps, fc.nat(8), (given, lag) => {
      const view = laggedView<number>(lag);
      const history: { at: number; value: number }[] = [];
      let at = 0;
      for (const { wait, value } of given) {
        at += wait;
        history.push({ at, value });
        view.observe(at, value);
        const old = history.filter((one) => one.at <= at - lag);
        expect(view.seen(at)).toBe((old.at(-1) ?? history[0])?.value);
      }
    }),
  );
});
