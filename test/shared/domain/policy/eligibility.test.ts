import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findRule } from "../../../../shared/domain/policy/eligibility.ts";
import type { Terms } from "../../../../shared/domain/policy/objections.ts";
import { type Member, memberOf } from "../../../../shared/domain/policy/policy.ts";
import type { AccessScope } from "../../../../shared/domain/requests/request.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { principalArnOf } from "../../../sample-principals.ts";

const text = readFileSync("access.yaml", "utf8");
const policy = parseAccessPolicy(text);
const ALICE = principalArnOf("alice");
const CAROL = principalArnOf("carol");
const HEIDI = principalArnOf("heidi");
const mallory = { name: "mallory", ...policy.people["mallory"] } as Member;
const inNamespaces = (...namespaces: string[]): AccessScope => ({ type: "namespace", namespaces });
const edit = (scope: AccessScope, policyName = "AmazonEKSEditPolicy") => ({
  policy: policyName,
  scope,
});
const terms = (over: Partial<Terms> = {}): Terms => ({
  cluster: "prod",
  access: edit(inNamespaces("payments-api")),
  principalArn: ALICE,
  durationSeconds: 3_600,
  reason: "INC-4711 stuck rollout",
  moments: { askedAt: null, startsAt: null, decidedAt: null },
  ...over,
});
const outcome = (person: string, asked: Terms, named?: string, by = policy) => {
  const member = memberOf(by, person);
  if (!member) throw new Error(`${person} is not in the policy`);
  const found = findRule(by, member, asked, named);
  if ("rule" in found) return found.rule.name;
  const about = found.refusals.find(({ rule }) => rule === (named ?? "payments-edit"));
  return about?.objections.map(({ code }) => code) ?? [];
};

describe("The sample policy", () => {
  it.each([
    ["Edit in a namespace that the pattern covers", terms()],
    [
      "several namespaces",
      terms({ access: edit(inNamespaces("payments-api", "payments-worker")) }),
    ],
    ["exactly the maximum", terms({ durationSeconds: 4 * 3_600 })],
    ["the rule's default duration", terms({ durationSeconds: null })],
  ])("The sample policy lends alice %s", (_, asked) => {
    expect(outcome("alice", asked)).toBe("payments-edit");
  });

  it.each([
    ["another namespace", terms({ access: edit(inNamespaces("other")) }), ["other-access"]],
    [
      "one namespace too many",
      terms({ access: edit(inNamespaces("payments-api", "x")) }),
      ["other-access"],
    ],
    [
      "the rule's own pattern",
      terms({ access: edit(inNamespaces("payments-*")) }),
      ["other-access"],
    ],
    ["everything", terms({ access: edit(inNamespaces("*")) }), ["other-access"]],
    ["kube-system", terms({ access: edit(inNamespaces("kube-system")) }), ["other-access"]],
    ["no namespace", terms({ access: edit(inNamespaces()) }), ["other-access"]],
    ["upper case", terms({ access: edit(inNamespaces("payments-API")) }), ["other-access"]],
    ["the whole cluster", terms({ access: edit({ type: "cluster" }) }), ["other-access"]],
    [
      "a policy that no rule lends",
      terms({ access: edit(inNamespaces("payments-api"), "AmazonEKSClusterAdminPolicy") }),
      ["other-access"],
    ],
    [
      "groups in place of policies",
      terms({ access: { groups: ["payments-edit"] } }),
      ["other-access"],
    ],
    ["a second more than the maximum", terms({ durationSeconds: 4 * 3_600 + 1 }), ["too-long"]],
    ["another cluster", terms({ cluster: "staging" }), ["other-cluster"]],
    ["a cluster called constructor", terms({ cluster: "constructor" }), ["other-cluster"]],
    ["no ticket", terms({ reason: "stuck rollout" }), ["ticket-missing"]],
    [
      "a ticket inside other letters",
      terms({ reason: "see XINC-4711x please" }),
      ["ticket-missing"],
    ],
    ["a very short reason", terms({ reason: "INC-1" }), ["reason-too-short"]],
    ["somebody else's principal", terms({ principalArn: CAROL }), ["principal-not-yours"]],
  ])("The sample policy does not lend alice %s", (_, asked, objections) => {
    expect(outcome("alice", asked, "payments-edit")).toEqual(objections);
  });

  it.each([
    "INC-4711: stuck rollout",
    "[INC-4711] stuck rollout",
    "(INC-4711) stuck rollout",
    "stuck rollout, see INC-4711.",
    "stuck rollout https://tickets.example.com/browse/INC-4711",
    "stuck rollout https://tickets.example.com/browse/INC-4711?focus=1",
    "INC-4711/PAY-12 stuck rollout",
  ])("The policy finds the ticket in %j", (reason) => {
    expect(outcome("alice", terms({ reason }), "payments-edit")).toEqual("payments-edit");
  });

  it.each(["stuck rollout INC-", "stuck rollout XINC-1", "stuck rollout INC-1x"])(
    "The policy finds no ticket in %j",
    (reason) => {
      expect(outcome("alice", terms({ reason }), "payments-edit")).toEqual(["ticket-missing"]);
    },
  );

  it("The sample policy lends mallory nothing", () => {
    const asked = terms({ principalArn: principalArnOf("mallory") });
    expect(outcome("mallory", asked, "payments-edit")).toContain("not-for-you");
    expect(findRule(policy, mallory, asked)).toEqual({ refusals: [] });
  });
  it("A rule that does not exist is reported as unknown", () => {
    expect(outcome("alice", terms(), "no-such-rule")).toEqual(["unknown-rule"]);
  });
  it("A rule lends groups by name, and only if it lends all of them", () => {
    const groups = (...names: string[]) =>
      terms({ cluster: "staging", access: { groups: names }, reason: "x" });
    expect(outcome("alice", groups("eks-admins"))).toBe("staging-rbac-admins");
    expect(outcome("alice", groups("eks-admins", "x"), "staging-rbac-admins")).toEqual([
      "other-access",
    ]);
    expect(outcome("alice", groups(), "staging-rbac-admins")).toEqual(["other-access"]);
  });
});

describe("A policy", () => {
  /** Heidi, whose principal is named by ARN, as an engineer of payments. */
  const ENGINEER = ["groups: [security]\n", "groups: [payments]\n"] as const;
  const changed = (...edits: readonly (readonly [string, string])[]) =>
    parseAccessPolicy(edits.reduce((all, [from, to]) => all.replace(from, () => to), text));

  it("A pattern is lent only if the rule allows wildcards, and never a wider one", () => {
    const wild = changed([
      'namespaces: ["payments-*"] }',
      'namespaces: ["payments-*"], wildcards: true }',
    ]);
    const ask = (pattern: string) =>
      outcome("alice", terms({ access: edit(inNamespaces(pattern)) }), "payments-edit", wild);
    expect(ask("payments-*")).toBe("payments-edit");
    expect(ask("payments-a*")).toBe("payments-edit");
    for (const wider of ["pay*", "*", "*-api"]) expect(ask(wider)).toEqual(["other-access"]);
  });
  it("The namespace kube-system is lent only if a rule names it in full", () => {
    const named = changed(["namespaces: [payments-api] }", "namespaces: [kube-system] }"]);
    const asked = terms({ access: edit(inNamespaces("kube-system"), "AmazonEKSAdminPolicy") });
    expect(outcome("alice", asked, undefined, named)).toBe("payments-admin");
    const pattern = changed([
      'namespaces: ["payments-*"] }',
      'namespaces: ["*"], wildcards: true }',
    ]);
    for (const ask of ["kube-system", "kube-*", "k*", "*"])
      expect(
        outcome("alice", terms({ access: edit(inNamespaces(ask)) }), "payments-edit", pattern),
      ).toEqual(["other-access"]);
  });
  it("A principal that several people hold gets access only if the rule allows it", () => {
    const shared = [
      `principals: ["${principalArnOf("mallory")}"]`,
      `principals: ["${HEIDI}"]`,
    ] as const;
    const asked = terms({ principalArn: HEIDI });
    expect(outcome("heidi", asked, "payments-edit", changed(ENGINEER, shared))).toEqual([
      "principal-shared",
    ]);
    const allowed = changed(ENGINEER, shared, [
      "approval: [{ groups: [payments-leads], count: 1 }]",
      "sharedPrincipals: true\n    approval: [{ groups: [payments-leads], count: 1 }]",
    ]);
    expect(outcome("heidi", asked, "payments-edit", allowed)).toBe("payments-edit");
  });
  it("A principal in another account gets access only if the rule allows it", () => {
    const other = HEIDI.replace("111122223333", "999999999999");
    const foreign = [`principals: ["${HEIDI}"]`, `principals: ["${other}"]`] as const;
    const asked = terms({ principalArn: other });
    expect(outcome("heidi", asked, "payments-edit", changed(ENGINEER, foreign))).toEqual([
      "principal-foreign",
    ]);
  });
  it("A retired cluster gets no new access", () => {
    const retired = changed(['cluster/prod",', 'cluster/prod", retired: true,']);
    expect(outcome("alice", terms(), "payments-edit", retired)).toEqual(["cluster-retired"]);
  });
  it("A break-glass rule is used only if no other rule lends the same", () => {
    const glass = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } } as const;
    const asked = terms({ access: glass, principalArn: CAROL, durationSeconds: 600 });
    expect(outcome("carol", asked)).toBe("break-glass");
    const quieter = changed([
      "  - name: break-glass",
      "  - name: quiet\n    who: { groups: [sre] }\n    clusters: [prod]\n    access: { policies: [AmazonEKSClusterAdminPolicy], scope: cluster }\n    duration: { max: 30m }\n    approval: none\n  - name: break-glass",
    ]);
    expect(outcome("carol", asked, undefined, quieter)).toBe("quiet");
  });
});
