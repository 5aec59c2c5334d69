import { describe, expect, it } from "vitest";
import type { Ask } from "../../../shared/domain/ask.ts";
import { judgeAsk, type RefusedAsk } from "../../../shared/domain/judge-ask.ts";
import { type AccessPolicy, memberOf, type Rule } from "../../../shared/domain/policy.ts";
import { aPolicy, BOB, T0 } from "../../fakes/builders.ts";
import { edit } from "../../fakes/memory-broker.ts";

const HOUR = 3_600;
const plain: Ask = {
  cluster: "prod",
  access: edit("payments-api"),
  durationSeconds: HOUR,
  reason: "INC-4711 stuck rollout",
  principalArn: null,
  startsAt: null,
  rule: null,
};

/** The sample's rules, changed, with more of them behind. */
function policyWith(change: (rules: readonly Rule[]) => readonly Rule[]): AccessPolicy {
  const policy = aPolicy();
  return { ...policy, rules: change(policy.rules) };
}

function judged(over: Partial<Ask>, policy = aPolicy()) {
  const alice = memberOf(policy, "alice");
  if (!alice) throw new Error("alice is not in the policy");
  return judgeAsk(policy, alice, { ...plain, ...over }, T0, undefined);
}

function refused(over: Partial<Ask>, policy = aPolicy()): RefusedAsk {
  const judgement = judged(over, policy);
  if (judgement.allowed) throw new Error(`${judgement.rule.name} allowed it.`);
  return judgement;
}

describe("a duration over the maximum", () => {
  const over = { durationSeconds: 4 * HOUR + 60 };

  it("is a mistake of its own where nothing else stands in the way, and the maximum is none", () => {
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
  ])("stays denied together with %s", (_, more) => {
    expect(refused({ ...over, ...more }).code).toBe("policy-denied");
  });

  it("names of several rules the one that lends longest, or the one that was asked for", () => {
    const policy = policyWith((rules) => [
      ...rules,
      ...rules.slice(0, 1).map((rule) => ({
        ...rule,
        name: "payments-night",
        duration: { ...rule.duration, maxSeconds: 8 * HOUR },
      })),
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

  it("tells nothing of a longer rule that is for others", () => {
    const policy = policyWith((rules) => [
      ...rules,
      ...rules.slice(0, 1).map((rule) => ({
        ...rule,
        name: "leads-edit",
        who: { groups: ["payments-leads"], people: [] },
        duration: { ...rule.duration, maxSeconds: 8 * HOUR },
      })),
    ]);
    expect(JSON.stringify(refused(over, policy))).not.toMatch(/leads-edit|8h/);
  });
});
