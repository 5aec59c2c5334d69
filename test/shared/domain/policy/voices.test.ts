/** As whom approvals count. */
import { describe, expect, it } from "vitest";
import { aRequest, BOB, T0 } from "../../../../lab/fakes/builders.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";
import { ruleNamed } from "../../../../shared/domain/policy/policy-index.ts";
import {
  type Voice,
  voiceOf,
  voicesOf,
  withVoice,
} from "../../../../shared/domain/policy/voices.ts";
import type { AccessRequest, Approval } from "../../../../shared/domain/requests/request.ts";

/** Bob and bella are payments-leads, carol and cyril are in sre, and erin and frank in no group. */
const POLICY = policyDelegating();
const RULE = ruleNamed(POLICY, "payments-edit");
if (!RULE) throw new Error("The policy of tests lacks a rule.");
const request = aRequest();
const LEADS = ["payments-leads"];
const behalf = (person: string) => ({ person, delegation: "d" });
const voice = (
  person: string,
  forWhom?: string,
  more: Partial<AccessRequest> = {},
  rule: Rule = RULE,
) =>
  voiceOf(
    POLICY,
    rule,
    { ...request, ...more },
    {
      person,
      ...(forWhom === undefined ? {} : { onBehalfOf: behalf(forWhom) }),
    },
  );

describe("The voice of an approval", () => {
  it("It counts with the approver's groups, or with those of the delegator", () => {
    expect(voice("bob")).toEqual({ name: "bob", names: ["bob"], groups: LEADS });
    expect(voice("erin", "bob")).toEqual({ name: "erin", names: ["erin", "bob"], groups: LEADS });
    expect(voice("carol", "bob")?.groups).toEqual(LEADS);
  });

  it("It counts for nothing where approver or delegator left the file, or has a part in it", () => {
    expect([voice("nobody"), voice("erin", "nobody"), voice("nobody", "bob")]).toEqual(
      Array(3).fill(undefined),
    );
    for (const more of [{ requester: "bob" }, { principalArn: BOB }])
      expect([
        voice("bob", undefined, more),
        voice("erin", "bob", more),
        voice("bob", "bella", more),
      ]).toEqual(Array(3).fill(undefined));
    expect(voice("erin", "bob", {}, { ...RULE, delegable: false })).toBeUndefined();
    const may = { ...RULE, approverMayHoldPrincipal: true };
    expect(voice("bob", undefined, { principalArn: BOB }, may)).toBeDefined();
  });
});

describe("The voices of a request", () => {
  const approvalOf = (
    person: string,
    forWhom?: string,
    more: Partial<Approval> = {},
  ): Approval => ({
    person,
    surface: "api",
    at: T0,
    proof: {},
    ...(forWhom === undefined ? {} : { onBehalfOf: behalf(forWhom) }),
    ...more,
  });
  const names = (approvals: readonly Approval[], isCovered = true, rule: Rule = RULE) =>
    voicesOf(POLICY, rule, { ...request, approvals }, () => isCovered).map((each) => each.names);

  it("One on somebody's behalf counts only under a delegation in force, and one's own always", () => {
    const both = [approvalOf("bella"), approvalOf("erin", "bob")];
    expect(names(both)).toEqual([["bella"], ["erin", "bob"]]);
    expect(names(both, false)).toEqual([["bella"]]);
  });

  it("One that was given where the rule does not allow it, or for other terms, counts for nothing", () => {
    const here = { ...RULE, decideIn: ["slack"] } as Rule;
    expect(
      names([approvalOf("bob"), approvalOf("bella", undefined, { surface: "slack" })], true, here),
    ).toEqual([["bella"]]);
    expect(names([approvalOf("bob", undefined, { digest: "other" })])).toEqual([]);
    expect(names([approvalOf("bob", undefined, { digest: request.digest })])).toEqual([["bob"]]);
  });
});

describe("Voices that share a person", () => {
  const one = (name: string, ...others: readonly string[]): Voice => ({
    name,
    names: [name, ...others],
    groups: [`group of ${others[0] ?? name}`],
  });
  const all = (...voices: readonly Voice[]) => voices.reduce(withVoice, [] as readonly Voice[]);

  it("They are one, under the name of the first, with the people and groups of all", () => {
    expect(all(one("erin", "bob"), one("bob"))).toEqual([
      { name: "erin", names: ["erin", "bob"], groups: ["group of bob"] },
    ]);
    expect(all(one("erin", "bob"), one("frank", "bella"), one("frank", "bob"))).toEqual([
      {
        name: "erin",
        names: ["erin", "bob", "frank", "bella"],
        groups: ["group of bob", "group of bella"],
      },
    ]);
  });

  it("Others stay as they were, and before the new one", () => {
    expect(all(one("carol"), one("bob")).map(({ name }) => name)).toEqual(["carol", "bob"]);
    expect(all(one("bob"), one("carol"), one("erin", "bob")).map(({ names }) => names)).toEqual([
      ["carol"],
      ["bob", "erin"],
    ]);
  });
});
