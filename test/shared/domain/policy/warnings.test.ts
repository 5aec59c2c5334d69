/** Risks that people overlook, and what an access permits. */
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { ASK } from "../../../../lab/fakes/memory-broker.ts";
import type { ClusterFacts } from "../../../../shared/domain/clusters/cluster-facts.ts";
import {
  DOCUMENTED_RULES,
  leavesThingsBehind,
  permitsOf,
} from "../../../../shared/domain/policy/permits.ts";
import { type AccessPolicy, memberOf, type Rule } from "../../../../shared/domain/policy/policy.ts";
import { previewOf } from "../../../../shared/domain/policy/preview.ts";
import { warningsOf } from "../../../../shared/domain/policy/warnings.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";

const POLICY = aPolicy();
const [EDIT] = POLICY.rules;
const GLASS = POLICY.rules.find(({ breakGlass }) => breakGlass);
if (!EDIT || !GLASS) throw new Error("The policy of tests lacks a rule.");
const alice = memberOf(POLICY, "alice");
if (!alice) throw new Error("There is no alice.");
const editIn = (...namespaces: readonly string[]): Access => ({
  policy: "AmazonEKSEditPolicy",
  scope: { type: "namespace", namespaces },
});
const VIEW_ALL: Access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };
const facts = (authenticationMode: "API" | "API_AND_CONFIG_MAP"): ClusterFacts => ({
  clusterArn: PROD.arn,
  checkedAt: T0,
  description: { createdAt: T0, authenticationMode },
});

interface Case {
  readonly access?: Access;
  readonly rule?: Rule;
  readonly principalArn?: string;
  readonly known?: ClusterFacts;
  readonly policy?: AccessPolicy;
}
const warnings = ({
  access = VIEW_ALL,
  rule = EDIT,
  principalArn = ALICE,
  known,
  policy = POLICY,
}: Case) => {
  const allowed = {
    allowed: true,
    rule,
    principalArn,
    cluster: PROD,
    durationSeconds: 3_600,
    startsAt: null,
  };
  return warningsOf(policy, alice, { ...ASK, access }, allowed as never, known);
};
const codes = (of: Case) => warnings(of).map(({ code }) => code);

describe("The warnings of an access", () => {
  it.each<[string, Access, readonly string[]]>([
    ["a namespace of a policy that creates", editIn("a"), ["leaves-things-behind", "open-streams"]],
    [
      "a pattern of namespaces",
      editIn("a", "b-*", "c*"),
      ["wildcard", "leaves-things-behind", "open-streams"],
    ],
    ["the whole cluster, to read", VIEW_ALL, ["whole-cluster", "open-streams"]],
    ["groups", { groups: ["admins"] }, ["open-streams", "groups-unknown"]],
  ])("%s", (_, access, expected) => {
    expect(codes({ access })).toEqual(expected);
  });

  it("The patterns are named, and nothing else", () => {
    expect(warnings({ access: editIn("a", "b-*", "c*") })[0]?.detail).toMatch(
      /^b-\*, c\* also covers/,
    );
  });
});

describe("The warnings of a principal", () => {
  it("Everyone else who holds it is named", () => {
    const people = { ...POLICY.people };
    for (const name of ["bob", "carol"]) {
      const person = people[name];
      if (person) people[name] = { ...person, principals: [ALICE] };
    }
    const shared = warnings({ policy: { ...POLICY, people } }).find(
      ({ code }) => code === "shared-principal",
    );
    expect(shared?.detail).toBe(`${ALICE} is also held by bob, carol, who get the access too.`);
    expect(codes({})).not.toContain("shared-principal");
  });

  it("Its entry in the aws-auth ConfigMap is replaced only where the cluster reads that", () => {
    expect(codes({ known: facts("API_AND_CONFIG_MAP") })).toContain("overrides-aws-auth");
    expect(codes({ known: facts("API") })).not.toContain("overrides-aws-auth");
    expect(codes({ known: { ...facts("API"), description: null } })).not.toContain(
      "overrides-aws-auth",
    );
    expect(codes({})).not.toContain("overrides-aws-auth");
  });
});

describe("The warnings of a rule", () => {
  it("Too few approvers, none at all, and break-glass are each said", () => {
    const two = { ...EDIT, approval: [{ groups: ["payments-leads"], count: 2 }] };
    expect(codes({ rule: two })).toEqual(["whole-cluster", "open-streams", "too-few-approvers"]);
    const none = { ...EDIT, approval: [] };
    expect(codes({ rule: none })).toEqual(["whole-cluster", "open-streams", "starts-at-once"]);
    const { review: _, ...plain } = GLASS;
    expect(codes({ rule: plain })).toEqual([
      ...["whole-cluster", "open-streams", "starts-at-once", "break-glass"],
    ]);
  });

  it("A review that nobody else could close is said", () => {
    const reviewedBy = (...by: readonly string[]) => ({
      ...GLASS,
      review: { by, withinSeconds: 3_600, block: false },
    });
    expect(codes({ rule: reviewedBy("payments") })).toContain("nobody-can-review");
    expect(codes({ rule: reviewedBy("payments", "sre") })).not.toContain("nobody-can-review");
    const people = Object.fromEntries(
      Object.entries(POLICY.people).map(([name, one]) => [name, { ...one, principals: [ALICE] }]),
    );
    const shared = { ...POLICY, people };
    expect(codes({ rule: reviewedBy("sre"), policy: shared })).toContain("nobody-can-review");
  });
});

describe("A preview", () => {
  const preview = (name: string, ask: Partial<typeof ASK>) => {
    const member = memberOf(POLICY, name);
    if (!member) throw new Error(`There is no ${name}.`);
    return previewOf(POLICY, member, { ...ASK, ...ask }, T0, {});
  };

  it("It names who can approve and review, and says what is permitted", () => {
    expect(preview("alice", {})).toMatchObject({
      allowed: true,
      requirements: [{ groups: ["payments-leads"], people: ["bob"] }],
      reviewers: [],
      permits: { summary: "AmazonEKSEditPolicy in payments-api" },
      warnings: [{ code: "leaves-things-behind" }, { code: "open-streams" }],
    });
    const admin: Access = { policy: "AmazonEKSClusterAdminPolicy", scope: { type: "cluster" } };
    expect(preview("carol", { access: admin, durationSeconds: 1_800 })).toMatchObject({
      allowed: true,
      requirements: [],
      reviewers: ["bob"],
    });
  });

  it("A refusal stays a refusal", () => {
    expect(preview("bob", {})).toMatchObject({ allowed: false });
  });
});

describe("The permissions of an access", () => {
  const NOBODY_SAYS = { rules: null, source: null, asOf: null };

  it("Nobody says what groups may do, nor what an unknown policy lends", () => {
    expect(permitsOf({ groups: ["admins"] })).toMatchObject({
      ...NOBODY_SAYS,
      note: "The cluster's own RBAC bindings decide what the groups may do.",
    });
    for (const policy of ["AmazonEKSNewPolicy", "toString"])
      expect(permitsOf({ policy, scope: { type: "cluster" } })).toMatchObject({
        ...NOBODY_SAYS,
        note: `AWS does not publish the rules of ${policy}.`,
      });
  });

  it("In namespaces, rules about URLs permit nothing", () => {
    const policy = Object.keys(DOCUMENTED_RULES).find((name) =>
      DOCUMENTED_RULES[name]?.some(({ nonResourceURLs }) => nonResourceURLs.length > 0),
    );
    const all = DOCUMENTED_RULES[policy ?? ""] ?? [];
    const whole = permitsOf({ policy: policy ?? "", scope: { type: "cluster" } });
    expect(whole).toMatchObject({ rules: all, note: null });
    expect(whole.source).toMatch(/^https:/);
    const scoped = permitsOf({
      policy: policy ?? "",
      scope: { type: "namespace", namespaces: ["a"] },
    });
    expect(scoped.rules).toEqual(all.filter(({ nonResourceURLs }) => nonResourceURLs.length === 0));
    expect(scoped.rules?.length).toBeLessThan(all.length);
    expect(scoped).toMatchObject({
      asOf: whole.asOf,
      note: expect.stringContaining("Only in these namespaces"),
    });
  });

  it("A policy that creates leaves things behind, one that reads does not, and an unknown one may", () => {
    const leaving = [
      "AmazonEKSEditPolicy",
      "AmazonEKSViewPolicy",
      "AmazonEKSClusterAdminPolicy",
      "AmazonEKSNewPolicy",
    ];
    expect(leaving.map(leavesThingsBehind)).toEqual([true, false, true, true]);
  });
});
