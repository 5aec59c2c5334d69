import { describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../lab/fakes/builders.ts";
import { type AccessPolicy, memberOf } from "../../../shared/domain/policy/policy.ts";
import { explain } from "../../../shared/policy-tools/explain.ts";

/** The usual policy, with break-glass as its first rule, for what another rule lends too. */
function emergencyFirst(): AccessPolicy {
  const policy = aPolicy();
  const view = policy.rules.find(({ name }) => name === "view-staging");
  if (!view) throw new Error("The policy has no view-staging.");
  return { ...policy, rules: [{ ...view, name: "emergency", breakGlass: true }, ...policy.rules] };
}

describe("An explanation", () => {
  it("An explanation has the rules in the order in which they are tried: break-glass last", () => {
    const policy = emergencyFirst();
    const bob = memberOf(policy, "bob");
    if (!bob) throw new Error("The policy has no bob.");
    const ask = {
      cluster: "staging",
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
      durationSeconds: null,
      reason: null,
      principalArn: null,
      startsAt: null,
      rule: null,
    } as const;
    const { decision, rules } = explain(policy, bob, ask, T0);
    expect(decision).toMatchObject({ allowed: true, rule: { name: "view-staging" } });
    const names = rules.map(({ rule }) => rule);
    expect(names.at(-1)).toBe("break-glass");
    expect(names.indexOf("view-staging")).toBeLessThan(names.indexOf("emergency"));
  });
});
