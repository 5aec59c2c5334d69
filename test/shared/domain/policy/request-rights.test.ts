/** The rights of a person on an existing request. */
import { describe, expect, it } from "vitest";
import { ALICE, aRequest, BOB, T0 } from "../../../../lab/fakes/builders.ts";
import { circles, oneOf } from "../../../../lab/fakes/policy-asking.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import { type AccessPolicy, memberOf } from "../../../../shared/domain/policy/policy.ts";
import {
  holdsPrincipal,
  isAskedAsAny,
  mayDecideFor,
  mayRead,
  mayRevoke,
} from "../../../../shared/domain/policy/request-rights.ts";
import type { AccessRequest, Approval } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

/** Bob and bella are payments-leads, carol and cyril are in sre, and carol is an admin. */
const POLICY = policyDelegating();
const NAMES = ["alice", "bob", "bella", "carol", "cyril", "erin", "frank"];
const member = (name: string, policy: AccessPolicy = POLICY) => {
  const one = memberOf(policy, name);
  if (!one) throw new Error(`There is no ${name}.`);
  return one;
};
const who = (may: (name: string) => boolean) => NAMES.filter(may);
const approvalOf = (person: string, forWhom?: string): Approval => ({
  person,
  surface: "api",
  at: T0,
  proof: {},
  ...(forWhom === undefined ? {} : { onBehalfOf: { person: forWhom, delegation: "d" } }),
});
const roles = (admins: readonly string[], auditors: readonly string[]): AccessPolicy => ({
  ...POLICY,
  roles: { admins, auditors },
});
const request = aRequest();

describe("The right to read a request", () => {
  const reading = (policy: AccessPolicy, more: Partial<AccessRequest> = {}) =>
    who((name) => mayRead(policy, member(name, policy), { ...request, ...more }));
  const nobody = roles([], []);

  it("Its requester, whoever could approve it, and whoever did", () => {
    expect(reading(nobody)).toEqual(["alice", "bob", "bella"]);
    expect(reading(nobody, { approvals: [approvalOf("erin")] })).toEqual([
      ...["alice", "bob", "bella", "erin"],
    ]);
  });

  it("Its reviewers, admins and auditors", () => {
    const review = { by: ["sre"], dueAt: T0, closed: null };
    expect(reading(nobody, { review })).toEqual(["alice", "bob", "bella", "carol", "cyril"]);
    expect(reading(roles(["sre"], []))).toEqual(["alice", "bob", "bella", "carol", "cyril"]);
    expect(reading(roles([], ["sre"]))).toEqual(["alice", "bob", "bella", "carol", "cyril"]);
  });

  it("A delegate of somebody who could decide on it", () => {
    const erin = (delegator: string, more: Partial<AccessRequest> = {}) =>
      mayRead(nobody, member("erin"), { ...request, ...more }, [
        member("frank"),
        member(delegator),
      ]);
    expect([erin("bob"), erin("cyril")]).toEqual([true, false]);
    expect(erin("bob", { requester: "bob" })).toBe(false);
  });
});

describe("The right to revoke a request, and the people whose standing can be lent", () => {
  it("Admins and whoever could approve it may revoke it, and its requester returns it instead", () => {
    const revoking = (policy: AccessPolicy) =>
      who((name) => mayRevoke(policy, member(name), request));
    expect(revoking(roles(["sre"], []))).toEqual(["bob", "bella", "carol", "cyril"]);
    expect(revoking(roles([], ["sre"]))).toEqual(["bob", "bella"]);
  });

  it("A delegate decides for an approver who has no part in it, under a rule that allows it", () => {
    const lending = (policy: AccessPolicy, more: Partial<AccessRequest> = {}) =>
      who((name) => mayDecideFor(policy, member(name), { ...request, ...more }));
    expect(lending(POLICY)).toEqual(["bob", "bella"]);
    expect(lending(POLICY, { requester: "bob" })).toEqual(["bella"]);
    expect(lending(POLICY, { principalArn: BOB })).toEqual(["bella"]);
    const rules = POLICY.rules.map((rule) => ({ ...rule, delegable: false }));
    expect(lending({ ...POLICY, rules })).toEqual([]);
  });

  it("Holding the principal counts, unless the rule lets approvers hold it", () => {
    const holding = (policy: AccessPolicy, principalArn: string) =>
      who((name) => holdsPrincipal(policy, member(name), { ...request, principalArn }));
    expect([holding(POLICY, ALICE), holding(POLICY, BOB)]).toEqual([["alice"], ["bob"]]);
    const rules = POLICY.rules.map((rule) => ({ ...rule, approverMayHoldPrincipal: true }));
    expect(holding({ ...POLICY, rules }, BOB)).toEqual([]);
  });
});

describe("The people who are asked to approve", () => {
  const asked = (
    requirements: AccessRequest["requirements"],
    seconds: number,
    approvals: readonly Approval[] = [],
    delegators: Readonly<Record<string, readonly string[]>> = {},
  ) => {
    const policy = policyDelegating(requirements);
    const now = plusSeconds(T0, seconds);
    return who((name) => {
      const lending = (delegators[name] ?? []).map((each) => member(each, policy));
      const pending = { ...request, requirements, approvals };
      return isAskedAsAny(policy, member(name, policy), lending, pending, now);
    });
  };
  const leads = [oneOf("payments-leads")];

  it("The first circle at once, and the second when its time comes", () => {
    const both = [circles(["payments-leads"], ["sre"])];
    expect(asked(both, 899)).toEqual(["bob", "bella"]);
    expect(asked(both, 900)).toEqual(["bob", "bella", "carol", "cyril"]);
  });

  it("A delegate is asked what the delegator is, at the same time", () => {
    const both = [circles(["payments-leads"], ["sre"])];
    expect(asked(leads, 0, [], { erin: ["bob"], frank: ["cyril"] })).toEqual([
      "bob",
      "bella",
      "erin",
    ]);
    expect(asked(both, 899, [], { erin: ["carol"] })).toEqual(["bob", "bella"]);
    expect(asked(both, 900, [], { erin: ["carol"] })).toContain("erin");
  });

  it("A delegate is not asked for a delegator who may not decide, as its requester", () => {
    const own = { ...request, requester: "bob", requirements: leads };
    expect(isAskedAsAny(POLICY, member("erin"), [member("bob")], own, T0)).toBe(false);
    expect(isAskedAsAny(POLICY, member("erin"), [member("bella")], own, T0)).toBe(true);
  });

  it("Nobody is asked for a place that an approval has taken", () => {
    expect(asked(leads, 0, [approvalOf("bob")])).toEqual(["bella"]);
    expect(
      asked(leads, 0, [approvalOf("erin", "bob")], { erin: ["bella"], frank: ["bob"] }),
    ).toEqual(["bella"]);
    expect(
      asked(leads, 0, [approvalOf("bob")], { erin: ["bob"], frank: ["bob", "bella"] }),
    ).toEqual([...["bella", "frank"]]);
  });

  it("Under a rule that is gone, those whom the request names are asked", () => {
    const gone = { ...request, rule: "gone", requirements: [oneOf("sre")] };
    expect(who((name) => isAskedAsAny(POLICY, member(name), [], gone, T0))).toEqual([
      "carol",
      "cyril",
    ]);
  });
});
