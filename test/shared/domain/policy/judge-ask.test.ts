import { describe, expect, it } from "vitest";
import { ACCOUNT, ALICE, aPolicy, BOB, PROD, T0 } from "../../../../lab/fakes/builders.ts";
import { edit } from "../../../../lab/fakes/memory-broker.ts";
import type { ClusterFacts } from "../../../../shared/domain/clusters/cluster-facts.ts";
import { lendingOn } from "../../../../shared/domain/grantors/lending.ts";
import { judgeAsk } from "../../../../shared/domain/policy/judge-ask.ts";
import { type AccessPolicy, memberOf, type Rule } from "../../../../shared/domain/policy/policy.ts";
import type { RefusedAsk } from "../../../../shared/domain/policy/refused-ask.ts";
import { LATEST_START_SECONDS } from "../../../../shared/domain/policy/rule-times.ts";
import type { Ask } from "../../../../shared/domain/requests/ask.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const HOUR = 3_600;
const EIGHT_HOURS = { maxSeconds: 8 * HOUR, defaultSeconds: null };
const plain: Ask = {
  cluster: "prod",
  access: edit("payments-api"),
  durationSeconds: HOUR,
  reason: "INC-4711 stuck rollout",
  principalArn: null,
  startsAt: null,
  rule: null,
};

/** The sample policy with changed rules. */
function policyWith(change: (rules: readonly Rule[]) => readonly Rule[]): AccessPolicy {
  const policy = aPolicy();
  return { ...policy, rules: change(policy.rules) };
}

/** The first rule with changes and another name. */
const variant = (rules: readonly Rule[], name: string, change: Partial<Rule>): readonly Rule[] =>
  rules.slice(0, 1).map((rule) => ({ ...rule, ...change, name }));

function judged(over: Partial<Ask>, policy = aPolicy(), known?: ClusterFacts) {
  const alice = memberOf(policy, "alice");
  if (!alice) throw new Error("alice is not in the policy");
  return judgeAsk(policy, alice, { ...plain, ...over }, T0, known);
}

function refused(over: Partial<Ask>, policy = aPolicy(), known?: ClusterFacts): RefusedAsk {
  const judgement = judged(over, policy, known);
  if (judgement.allowed) throw new Error(`${judgement.rule.name} allowed it.`);
  return judgement;
}

/** The sample policy, in which alice has only these principals. */
function withPrincipals(...principals: readonly string[]): AccessPolicy {
  const policy = aPolicy();
  const { alice } = policy.people;
  if (!alice) throw new Error("alice is not in the policy");
  return { ...policy, people: { ...policy.people, alice: { ...alice, principals } } };
}

describe("An ask", () => {
  const second = `arn:aws:iam::${ACCOUNT}:role/people/alice-2`;
  const foreign = "arn:aws:iam::999999999999:role/alice";

  it("An ask need not name the only principal in the cluster's account", () => {
    expect(judged({}, withPrincipals(foreign, ALICE))).toMatchObject({ principalArn: ALICE });
  });

  it("An ask must name one of several principals", () => {
    const policy = withPrincipals(ALICE, second);
    expect(refused({}, policy)).toEqual({
      allowed: false,
      code: "invalid-request",
      detail:
        "alice has several principals in the account of prod. Nothing was stored; name one of them as principalArn.",
      facts: {
        errors: [{ pointer: "/principalArn", detail: `Name one of ${ALICE}, ${second}.` }],
      },
    });
    expect(judged({ principalArn: second }, policy)).toMatchObject({ principalArn: second });
  });

  it("An ask is denied if there is no principal to lend to", () => {
    expect(refused({}, withPrincipals(foreign))).toMatchObject({
      code: "policy-denied",
      detail: expect.stringContaining(
        "access.yaml names no principal of alice in the account of prod.",
      ),
    });
  });

  it("A principal of another partition is lent nothing, whatever its account is called", () => {
    const elsewhere = ALICE.replace("arn:aws:", "arn:aws-cn:");
    const { people } = withPrincipals(elsewhere);
    expect(refused({}, withPrincipals(elsewhere))).toMatchObject({ code: "policy-denied" });
    const open = policyWith((rules) => variant(rules, "open", { foreignPrincipals: true }));
    const { facts } = refused({ principalArn: elsewhere }, { ...open, people });
    expect(facts.refusals?.[0]?.objections).toEqual([
      expect.objectContaining({ code: "principal-foreign" }),
    ]);
    expect([...lendingOn({ ...open, people }, "prod").keys()]).not.toContain(elsewhere);
    expect([...lendingOn(withPrincipals(ALICE), "prod").keys()]).toContain(ALICE);
  });

  it("An ask gets the same answer for a rule for others as for one that does not exist", () => {
    for (const rule of ["break-glass", "none"])
      expect(refused({ rule })).toMatchObject({
        code: "policy-denied",
        detail: expect.stringContaining(`No rule for you is called ${rule}.`),
        facts: { refusals: [] },
      });
  });

  it("An ask gets the same answer for a cluster for others as for one that does not exist", () => {
    const policy = policyWith((rules) => rules.slice(0, 1));
    for (const cluster of ["staging", "none", "toString"])
      expect(refused({ cluster }, policy)).toMatchObject({
        code: "policy-denied",
        detail: expect.stringContaining(`No rule for you lends anything on ${cluster}.`),
        facts: { refusals: [] },
      });
  });

  it("An ask is answered with cluster-not-ready only if a rule would allow it", () => {
    const gone = { clusterArn: PROD.arn, description: null, checkedAt: T0 };
    expect(refused({}, aPolicy(), gone).code).toBe("cluster-not-ready");
    expect(refused({ access: edit("kube-system") }, aPolicy(), gone).code).toBe("policy-denied");
  });

  it("An ask may start after now and within thirty days", () => {
    const at = (seconds: number) => ({ startsAt: plusSeconds(T0, seconds) });
    for (const seconds of [-1, 0])
      expect(refused(at(seconds))).toMatchObject({
        code: "invalid-request",
        facts: { errors: [{ pointer: "/startsAt" }] },
      });
    const late = refused(at(LATEST_START_SECONDS + 1));
    expect(late).toMatchObject({ code: "policy-denied" });
    const codes = late.facts.refusals?.find(({ rule }) => rule === "payments-edit")?.objections;
    expect(codes?.map(({ code }) => code)).toEqual(["start-too-late"]);
    for (const seconds of [1, LATEST_START_SECONDS])
      expect(judged(at(seconds))).toMatchObject({ allowed: true });
  });
});

describe("A duration over the maximum", () => {
  const over = { durationSeconds: 4 * HOUR + 60 };

  it("A long duration is an error of its own if nothing else is wrong, and the maximum is allowed", () => {
    expect(refused(over)).toMatchObject({
      code: "duration-too-long",
      detail:
        "4h1m is longer than any rule lends this for; payments-edit lends it longest, for 4h. Nothing was stored; ask for 4h at most.",
      facts: {
        errors: [{ pointer: "/duration", detail: "payments-edit lends for at most 4h." }],
        rule: "payments-edit",
        max: "4h",
        maxSeconds: 4 * HOUR,
      },
    });
    expect(refused(over).facts.refusals?.map(({ rule }) => rule)).toContain("payments-edit");
    expect(judged({ durationSeconds: 4 * HOUR })).toMatchObject({ allowed: true });
  });

  it.each([
    ["what no rule lends", { access: edit("kube-system") }],
    ["a reason that is too short", { reason: "short" }],
    ["somebody else's principal", { principalArn: BOB }],
    ["another cluster", { cluster: "staging" }],
    ["a rule that lends something else", { rule: "view-staging" }],
    ["a rule for others", { rule: "break-glass" }],
  ])("A long duration is denied together with %s", (_, more) => {
    expect(refused({ ...over, ...more }).code).toBe("policy-denied");
  });

  it("The answer names the rule that lends longest, or the rule that was asked for", () => {
    const policy = policyWith((rules) => [
      ...rules,
      ...variant(rules, "payments-night", { duration: EIGHT_HOURS }),
    ]);
    const asked = { durationSeconds: 9 * HOUR };
    expect(refused(asked, policy).facts).toMatchObject({ rule: "payments-night", max: "8h" });
    expect(refused({ ...asked, rule: "payments-edit" }, policy).facts).toMatchObject({
      rule: "payments-edit",
      max: "4h",
    });
    expect(judged({ durationSeconds: 8 * HOUR }, policy)).toMatchObject({
      rule: { name: "payments-night" },
    });
  });

  it("The answer reveals nothing about a longer rule for others", () => {
    const policy = policyWith((rules) => [
      ...rules,
      ...variant(rules, "leads-edit", {
        who: { groups: ["payments-leads"], people: [] },
        duration: EIGHT_HOURS,
      }),
    ]);
    expect(JSON.stringify(refused(over, policy))).not.toMatch(/leads-edit|8h/);
  });
});

describe("A denial", () => {
  const order = (over: Partial<Ask>, policy = aPolicy()) =>
    refused(over, policy).facts.refusals?.map(({ rule }) => rule);

  it("A denial is explained by a rule of the cluster asked for, whatever its objections", () => {
    const asked = {
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
      durationSeconds: 5 * HOUR,
      reason: "x",
    } as const;
    const { detail, facts } = refused(asked);
    const objections = facts.refusals?.map(({ rule, objections: each }) => [rule, each.length]);
    expect(objections).toEqual([
      ["payments-edit", 3],
      ["view-staging", 1],
      ["staging-groups", 3],
    ]);
    expect(detail).toContain("Closest: payments-edit lends AmazonEKSEditPolicy");
    expect(detail).not.toContain("staging");
  });

  it("A denial is explained by a rule that accepts the principal before one that does not", () => {
    const foreign = "arn:aws:iam::999999999999:role/alice";
    const policy = policyWith((rules) => [
      ...rules,
      ...variant(rules, "foreign-payments-edit", {
        foreignPrincipals: true,
        reason: { minLength: 100, ticket: "^PAY-" },
      }),
    ]);
    const { people } = withPrincipals(ALICE, foreign);
    const found = refused({ principalArn: foreign }, { ...policy, people });
    expect(found.facts.refusals?.map(({ rule, objections }) => [rule, objections.length])).toEqual([
      ["foreign-payments-edit", 2],
      ["payments-edit", 1],
      ["view-staging", 3],
      ["staging-groups", 3],
    ]);
  });

  it("A denial is explained by the rule with the fewest objections, and then by the first in the file", () => {
    const policy = policyWith((rules) => [
      ...variant(rules, "strict-payments-edit", { reason: { minLength: 100, ticket: null } }),
      ...variant(rules, "first-payments-edit", {}),
      ...rules,
    ]);
    const asked = { access: edit("default") };
    expect(order(asked, policy)?.slice(0, 3)).toEqual([
      "first-payments-edit",
      "payments-edit",
      "strict-payments-edit",
    ]);
  });
});
