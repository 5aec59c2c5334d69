import { expect, it } from "vitest";
import { measurePolicies } from "../../bench/policy/decisions.ts";

it("a decision costs about the same with ten people and rules as with ten thousand", () => {
  const [small, large] = measurePolicies([10, 10_000], 9);
  // A search through all of them would cost hundreds of times as much.
  for (const figure of ["decision", "refusal", "caller"] as const)
    expect((large?.[figure] ?? Number.NaN) / (small?.[figure] ?? Number.NaN)).toBeLessThan(8);
});
