import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lendsNamespace } from "../../../../shared/domain/policy/rule-access.ts";
import {
  isNamespaceName,
  patternCovers,
} from "../../../../shared/domain/values/namespace-pattern.ts";
import { commonNamespace } from "../../../../shared/policy-tools/prove/common-namespace.ts";

const ofRule = (text: string) => ({ text, isOfRule: true });
const ofClaim = (text: string) => ({ text, isOfRule: false });

describe("A namespace that patterns have in common", () => {
  it.each([
    [[ofRule("pay*-api"), ofClaim("payments-*")], "payments-api"],
    [[ofRule("payments-api"), ofClaim("payments-*")], "payments-api"],
    [[ofRule("*"), ofClaim("payments-web")], "payments-web"],
    [[ofRule("a*"), ofRule("*b"), ofClaim("*")], "ab"],
    [[ofRule("kube-system"), ofClaim("*")], "kube-system"],
    [[ofRule("*-*"), ofClaim("k*")], "k-0"],
  ])("%j have %s", (patterns, name) => {
    const found = commonNamespace(patterns);
    if (name === "k-0") expect(found).toMatch(/^k-[a-z0-9]$/);
    else expect(found).toBe(name);
  });

  it.each([
    [[ofRule("billing-*"), ofClaim("payments-*")]],
    [[ofRule("*"), ofClaim("kube-system")]],
    [[ofRule("kube-*"), ofClaim("kube-*")]],
    [[ofRule("a*"), ofRule("b*")]],
    [[ofRule("*-"), ofClaim("*")]],
    [[ofRule("a-web"), ofRule("a-api"), ofClaim("*")]],
  ])("%j have no name in common", (patterns) => {
    expect(commonNamespace(patterns)).toBeUndefined();
  });

  const patternOf = fc
    .array(fc.constantFrom("a", "b", "*", "*", "*", "-", "kube-"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join(""));
  const someName = fc
    .array(fc.constantFrom("a", "b", "-", "k", "kube-"), { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(""))
    .filter(isNamespaceName);

  it("A found name is one that each rule lends and the claim covers, by the code that judges requests", () => {
    let found = 0;
    fc.assert(
      fc.property(patternOf, patternOf, patternOf, (one, other, claim) => {
        const name = commonNamespace([ofRule(one), ofRule(other), ofClaim(claim)]);
        if (name === undefined) return;
        found += 1;
        expect(isNamespaceName(name)).toBe(true);
        expect([one, other].map((text) => lendsNamespace(text, false, name))).toEqual([true, true]);
        expect(claim === name || patternCovers(claim, name)).toBe(true);
      }),
      { numRuns: 2_000, seed: 11 },
    );
    expect(found).toBeGreaterThan(200);
  });

  it("A name that each rule lends and the claim covers makes that one is found", () => {
    let common = 0;
    fc.assert(
      fc.property(patternOf, patternOf, patternOf, someName, (one, other, claim, name) => {
        const isLent = [one, other].every((text) => lendsNamespace(text, false, name));
        if (!isLent || !(claim === name || patternCovers(claim, name))) return;
        common += 1;
        expect(commonNamespace([ofRule(one), ofRule(other), ofClaim(claim)])).toBeDefined();
      }),
      { numRuns: 4_000, seed: 12 },
    );
    expect(common).toBeGreaterThan(50);
  });
});
