import { describe, expect, it } from "vitest";
import {
  accessPolicyByArn,
  listAccessPolicies,
} from "../../../../../lab/sandbox/aws/eks/access-policies.ts";
import { eksFixture, policyArn, VIEW } from "./eks-fixture.ts";

describe("The catalogue of access policies", () => {
  it("The catalogue of access policies is listed only by name and ARN, ascending", async () => {
    const { accessPolicies } = await eksFixture().call("ListAccessPolicies", {});
    const names = listAccessPolicies().map((policy) => policy.name);
    expect(accessPolicies).toEqual(names.map((name) => ({ name, arn: policyArn(name) })));
    expect(names).toEqual([...names].sort());
    expect(names).toHaveLength(38);
  });

  it("The catalogue of access policies is listed in pages", async () => {
    const { call } = eksFixture();
    const { nextToken } = await call("ListAccessPolicies", { maxResults: 37 });
    expect(await call("ListAccessPolicies", { nextToken })).toEqual({
      accessPolicies: [
        {
          name: "AmazonSagemakerHyperpodUserClusterPolicy",
          arn: policyArn("AmazonSagemakerHyperpodUserClusterPolicy"),
        },
      ],
      nextToken: null,
    });
  });

  it("The catalogue of access policies holds rules exactly where they are known", () => {
    for (const policy of listAccessPolicies()) {
      const known = policy.rulesStatus === "published" || policy.rulesStatus === "reported";
      expect([policy.name, policy.rules.length > 0]).toEqual([policy.name, known]);
    }
  });

  it("The catalogue of access policies lets the view policy read pods and no secrets", () => {
    const rules = accessPolicyByArn(VIEW)?.rules ?? [];
    expect(rules.some((rule) => rule.resources?.includes("pods"))).toBe(true);
    expect(rules.some((rule) => rule.resources?.includes("secrets"))).toBe(false);
    expect(new Set(rules.flatMap((rule) => rule.verbs))).toEqual(new Set(["get", "list", "watch"]));
  });

  it("The catalogue of access policies marks what is for service-linked roles only as nobody's to give", () => {
    for (const policy of listAccessPolicies()) {
      expect(policy.grantable === "none").toBe(policy.serviceLinkedRolesOnly);
    }
  });
});
