import { expect, it } from "vitest";
import { systemRandom } from "../../../../shared/aws/machine/system-random.ts";

it("The machine's random fractions are in [0, 1) and differ", () => {
  const fractions = Array.from({ length: 100 }, () => systemRandom.fraction());
  expect(fractions.filter((fraction) => fraction < 0 || fraction >= 1)).toEqual([]);
  expect(new Set(fractions).size).toBeGreaterThan(1);
});
