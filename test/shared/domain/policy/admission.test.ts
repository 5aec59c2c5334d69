import { describe, expect, it } from "vitest";
import { admit, deadlineOf, isTooLate } from "../../../../shared/domain/policy/admission.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { ALICE, anApproval, aPolicy, aRequest, settings, T0 } from "../../../fakes/builders.ts";

const approved = anApproval(aRequest()).request;

/** Why a request that bob approved is not admitted under `policy`; undefined where it is. */
function refusal(
  policy: AccessPolicy,
  changed: Partial<AccessRequest> = {},
  now = T0,
  hasBegun = false,
): string | undefined {
  const admission = admit(policy, { ...approved, ...changed }, settings(), now, hasBegun);
  return admission.admitted ? undefined : admission.code;
}

const policyWith = (change: Partial<Rule>): AccessPolicy => {
  const policy = aPolicy();
  return { ...policy, rules: policy.rules.map((rule) => ({ ...rule, ...change })) };
};

/** The sample's policy without `name`, or with other principals of theirs. */
const peopleWith = (name: string, principals?: readonly string[]): AccessPolicy => {
  const policy = aPolicy();
  const { [name]: person, ...people } = policy.people;
  if (!person) throw new Error(`${name} is not in the policy.`);
  return {
    ...policy,
    people: principals ? { ...people, [name]: { ...person, principals } } : people,
  };
};

describe("a grant that was approved", () => {
  it("is admitted under the policy that it was approved by", () => {
    expect(refusal(aPolicy())).toBeUndefined();
  });

  it("is not where the policy knows its requester or its approver no more", () => {
    expect(refusal(peopleWith("alice"))).toBe("unknown-person");
    expect(refusal(peopleWith("bob"))).toBe("not-approved");
    expect(refusal(peopleWith("carol"))).toBeUndefined();
  });

  it("is not where the name of its cluster is another's", () => {
    const { clusters, ...policy } = aPolicy();
    const { prod, staging } = clusters;
    if (!prod || !staging) throw new Error("The policy has no prod, or no staging.");
    expect(refusal({ ...policy, clusters: { prod: staging, staging: prod } })).toBe(
      "other-cluster",
    );
    expect(refusal({ ...policy, clusters: { staging } })).toBe("other-cluster");
  });

  it("is not where its rule would not lend it today", () => {
    expect(refusal(policyWith({ who: { groups: ["sre"], people: [] } }))).toBe("not-for-you");
    expect(refusal(policyWith({ reason: { minLength: 500, ticket: null } }))).toBe(
      "reason-too-short",
    );
  });

  it("is not where its approver holds the principal by now, unless the rule lets them", () => {
    const shared = peopleWith("bob", [ALICE]);
    const lending = { sharedPrincipals: true };
    const under = (change: Partial<Rule>) =>
      refusal({ ...shared, rules: policyWith({ ...lending, ...change }).rules });
    expect(under({})).toBe("not-approved");
    expect(under({ approverMayHoldPrincipal: true })).toBeUndefined();
  });

  it.each([
    ["without an end", { expiresAt: null }],
    ["without a time to revoke it", { revokeAt: null }],
    ["that never was approved", { approvedAt: null }],
    ["that is revoked after its end", { revokeAt: plusSeconds(approved.expiresAt ?? "", 1) }],
    ["that ends later than it may", { expiresAt: plusSeconds(approved.expiresAt ?? "", 1) }],
  ])("is not with times that were changed: one %s", (_, changed) => {
    expect(refusal(aPolicy(), changed)).toBe("wrong-deadline");
  });

  it("is until ninety seconds before it would be revoked, and to its end where it has begun", () => {
    const revokeAt = approved.revokeAt ?? "";
    expect(refusal(aPolicy(), {}, plusSeconds(revokeAt, -90))).toBeUndefined();
    expect(refusal(aPolicy(), {}, plusSeconds(revokeAt, -89))).toBe("too-late");
    expect(refusal(aPolicy(), {}, plusSeconds(revokeAt, -1), true)).toBeUndefined();
    // A record alone does not say that it has begun.
    expect(refusal(aPolicy(), { state: "active" }, plusSeconds(revokeAt, -1))).toBe("too-late");
  });

  it("has too little time left for an addition from ninety seconds before its end", () => {
    const late = (seconds: number, changed: Partial<AccessRequest> = {}) =>
      isTooLate(
        { ...approved, ...changed },
        settings(),
        plusSeconds(approved.revokeAt ?? "", -seconds),
      );
    expect([late(90), late(89), late(-1)]).toEqual([false, true, true]);
    expect(late(0, { revokeAt: null })).toBe(false);
  });
});

describe("the deadline of a grant", () => {
  it("is its start and duration, rounded down, and revocation comes a margin earlier", () => {
    const request: AccessRequest = { ...approved, approvedAt: plusSeconds(T0, 59) };
    expect(deadlineOf(request, settings())).toEqual({
      expiresAt: plusSeconds(T0, 3_600),
      revokeAt: plusSeconds(T0, 3_480),
    });
  });

  it("is none before the request is approved", () => {
    expect(deadlineOf({ ...approved, approvedAt: null }, settings())).toBeUndefined();
  });
});
