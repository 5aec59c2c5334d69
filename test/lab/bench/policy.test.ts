import { expect, it } from "vitest";
import { measurePolicies, type PolicyTimes } from "../../../lab/bench/policy/decisions.ts";
import { isWithinBounds, MOST_GROWTH } from "../../../lab/bench/policy.ts";

it("a decision costs about the same with ten people and rules as with ten thousand", () => {
  const times = measurePolicies([10, 10_000], 40);
  const figures = ["decision", "refusal", "delegated", "lessened", "extension", "caller"] as const;
  for (const figure of figures)
    expect(isWithinBounds(figure, times), JSON.stringify(times)).toBe(true);
});

const at = (milliseconds: number): PolicyTimes => ({
  size: 0,
  decision: milliseconds,
  refusal: milliseconds,
  delegated: milliseconds,
  lessened: milliseconds,
  extension: milliseconds,
  caller: milliseconds,
  index: milliseconds,
});

it("a decision whose cost grows with the policy fails, even while it is fast", () => {
  expect(isWithinBounds("decision", [at(0.01), at(0.01 * MOST_GROWTH)])).toBe(true);
  expect(isWithinBounds("decision", [at(0.01), at(0.011 * MOST_GROWTH)])).toBe(false);
  expect(isWithinBounds("index", [at(0.01), at(0.011 * MOST_GROWTH)])).toBe(true);
});

it("a decision that is slow with every policy fails, and so does one that was not measured", () => {
  expect(isWithinBounds("decision", [at(1.1), at(1.1)])).toBe(false);
  expect(isWithinBounds("decision", [at(0.01), at(Number.NaN)])).toBe(false);
  expect(isWithinBounds("decision", [])).toBe(false);
});
