import { describe, expect, it } from "vitest";
import { completeTerms } from "../../../cli/prompts/complete-terms.ts";
import { bodyOf, policyName, type RequestTerms } from "../../../cli/prompts/request-terms.ts";
import { fakeApi } from "../fake-terminal.ts";
import { ADMIN_RULE, BREAK_GLASS_RULE, EDIT_RULE, GROUPS_RULE, LENT } from "../sample-access.ts";

const complete = (terms: RequestTerms, lent = LENT) =>
  completeTerms(
    fakeApi(() => lent),
    terms,
  );

describe("a named rule", () => {
  it("A named rule fills in its only cluster, policy and namespace", async () => {
    expect(await complete({ rule: ADMIN_RULE.rule, reason: "why" })).toEqual({
      rule: "payments-admin",
      reason: "why",
      cluster: "prod",
      policy: "AmazonEKSViewPolicy",
      namespace: ["payments-api"],
    });
  });

  it("A misspelt rule is refused with the one that was meant, another stays as it is", async () => {
    await expect(complete({ rule: "payments-admn" })).rejects.toThrow(
      "Did you mean payments-admin?",
    );
    expect(await complete({ rule: "nope" })).toEqual({ rule: "nope" });
  });

  it("A named rule fills in the whole cluster only where it lends just that", async () => {
    expect(await complete({ rule: BREAK_GLASS_RULE.rule })).toMatchObject({ clusterScope: true });
    expect(await complete({ rule: EDIT_RULE.rule })).not.toHaveProperty("clusterScope");
  });

  it("A named rule leaves open what it gives a choice of: several policies, a pattern, several groups", async () => {
    expect(await complete({ rule: EDIT_RULE.rule })).toEqual({
      rule: "payments-edit",
      cluster: "prod",
    });
    expect(await complete({ rule: GROUPS_RULE.rule })).not.toHaveProperty("group");
    const two = { ...EDIT_RULE, clusters: ["prod", "staging"] };
    expect(await complete({ rule: two.rule }, { ...LENT, rules: [two] })).toEqual({
      rule: "payments-edit",
    });
  });

  it("A named rule fills in its only group", async () => {
    const rule = { ...GROUPS_RULE, access: { groups: ["eks-admins"] } };
    expect(await complete({ rule: rule.rule }, { ...LENT, rules: [rule] })).toMatchObject({
      group: ["eks-admins"],
    });
  });

  it("A named rule never replaces what was given", async () => {
    const given = {
      rule: ADMIN_RULE.rule,
      cluster: "staging",
      policy: "AmazonEKSEditPolicy",
      namespace: ["payments-web"],
    };
    expect(await complete(given)).toEqual(given);
    expect(await complete({ rule: ADMIN_RULE.rule, group: ["g"] })).toEqual({
      rule: "payments-admin",
      group: ["g"],
      cluster: "prod",
    });
  });

  it("Nothing is filled in or asked where no rule is named or nothing is missing", async () => {
    const api = fakeApi(() => LENT);
    expect(await completeTerms(api, { cluster: "prod" })).toEqual({ cluster: "prod" });
    const whole = { rule: "r", cluster: "prod", policy: "P", clusterScope: true } as const;
    expect(await completeTerms(api, whole)).toEqual(whole);
    expect(api.calls).toEqual([]);
  });

  it("A rule that is not one's own fills in nothing", async () => {
    expect(await complete({ rule: "others" })).toEqual({ rule: "others" });
  });
});

describe("a policy's short name", () => {
  it.each([
    ["edit", "AmazonEKSEditPolicy"],
    ["cluster-admin", "AmazonEKSClusterAdminPolicy"],
    ["AmazonEKSViewPolicy", "AmazonEKSViewPolicy"],
    ["edit2", "edit2"],
    ["-edit", "-edit"],
  ])("The policy's short name %s is %s", (text, name) => {
    expect(policyName(text)).toBe(name);
  });
});

describe("--namespace", () => {
  const body = (namespace: readonly string[]) =>
    bodyOf({ cluster: "prod", policy: "edit", namespace, reason: "why" }).access;

  it("The option --namespace takes several names by commas, and may be repeated", () => {
    expect(body(["a,b", "c"])).toEqual({
      policy: "AmazonEKSEditPolicy",
      scope: { type: "namespace", namespaces: ["a", "b", "c"] },
    });
  });

  it("The option --namespace of nothing but commas sends an empty list, which the API refuses", () => {
    expect(body([","])).toMatchObject({ scope: { type: "namespace", namespaces: [] } });
  });
});
