import { expect, it } from "vitest";
import { largeFile } from "../../../../lab/bench/policy/large-file.ts";
import { growthARule, MOST_GROWTH_A_RULE } from "../../../../lab/bench/policy/tool-bounds.ts";
import { measureTools } from "../../../../lab/bench/policy/tools.ts";
import { checkAccessFile } from "../../../../shared/policy-tools/check-file.ts";

it("reading, checking and comparing a policy cost about the same for each rule, however many there are", () => {
  const times = measureTools([40, 300], 3);
  for (const figure of ["parse", "check", "diff"] as const)
    expect(growthARule(figure, times), JSON.stringify(times)).toBeLessThan(MOST_GROWTH_A_RULE);
});

it("a tool that looks at everybody for each rule fails its bound", () => {
  const at = (rules: number, each: number) => ({
    rules,
    parse: rules * each,
    check: rules * each,
    diff: rules * each,
  });
  expect(growthARule("check", [at(40, 1), at(400, 10)])).toBeGreaterThan(MOST_GROWTH_A_RULE);
});

it("the policy that is measured has nothing to find, so all of it is looked at", () => {
  expect(checkAccessFile(largeFile(20))).toEqual([]);
});
