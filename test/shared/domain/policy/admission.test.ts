import { describe, expect, it } from "vitest";
import {
  ALICE,
  anApproval,
  aPolicy,
  aRequest,
  settings,
  T0,
} from "../../../../lab/fakes/builders.ts";
import { admit, deadlineOf, isTooLate } from "../../../../shared/domain/policy/admission.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const approved = anApproval(aRequest()).request;

/** Why a request that bob approved is not admitted under `policy`; undefined if it is. */
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

/** The sample policy without `name`, or with other principals for them. */
const peopleWith = (name: string, principals?: readonly string[]): AccessPolicy => {
  const policy = aPolicy();
  const { [name]: person, ...people } = policy.people;
  if (!person) throw new Error(`${name} is not in the policy.`);
  return {
    ...policy,
    people: principals ? { ...people, [name]: { ...person, principals } } : people,
  };
};

describe("An approved grant", () => {
  it("A grant is admitted under the policy that it was approved under", () => {
    expect(refusal(aPolicy())).toBeUndefined();
  });

  it("A grant is not admitted if its requester or approver has left the policy", () => {
    expect(refusal(peopleWith("alice"))).toBe("unknown-person");
    expect(refusal(peopleWith("bob"))).toBe("not-approved");
    expect(refusal(peopleWith("carol"))).toBeUndefined();
  });

  it("A grant is not admitted if its cluster's name now means another cluster", () => {
    const { clusters, ...policy } = aPolicy();
    const { prod, staging } = clusters;
    if (!prod || !staging) throw new Error("The policy has no prod, or no staging.");
    expect(refusal({ ...policy, clusters: { prod: staging, staging: prod } })).toBe(
      "other-cluster",
    );
    expect(refusal({ ...policy, clusters: { staging } })).toBe("other-cluster");
  });

  it("A grant is not admitted if its rule would not allow it today", () => {
    expect(refusal(policyWith({ who: { groups: ["sre"], people: [] } }))).toBe("not-for-you");
    expect(refusal(policyWith({ reason: { minLength: 500, ticket: null } }))).toBe(
      "reason-too-short",
    );
  });

  it("A grant is not admitted if its approver now holds the principal, unless the rule allows it", () => {
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
    ["that was never approved", { approvedAt: null }],
    ["that is revoked after its end", { revokeAt: plusSeconds(approved.expiresAt ?? "", 1) }],
    ["that ends later than it may", { expiresAt: plusSeconds(approved.expiresAt ?? "", 1) }],
  ])("A grant with changed times is not admitted: one %s", (_, changed) => {
    expect(refusal(aPolicy(), changed)).toBe("wrong-deadline");
  });

  it("A grant is admitted until ninety seconds before revokeAt, or to its end if it has begun", () => {
    const revokeAt = approved.revokeAt ?? "";
    expect(refusal(aPolicy(), {}, plusSeconds(revokeAt, -90))).toBeUndefined();
    expect(refusal(aPolicy(), {}, plusSeconds(revokeAt, -89))).toBe("too-late");
    expect(refusal(aPolicy(), {}, plusSeconds(revokeAt, -1), true)).toBeUndefined();
    // The record does not prove by itself that it has begun.
    expect(refusal(aPolicy(), { state: "active" }, plusSeconds(revokeAt, -1))).toBe("too-late");
  });

  it("A grant is too late for additions from ninety seconds before its end", () => {
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

describe("The deadline of a grant", () => {
  it("A deadline is start plus duration, rounded down, and revocation comes a margin earlier", () => {
    const request: AccessRequest = { ...approved, approvedAt: plusSeconds(T0, 59) };
    expect(deadlineOf(request, settings())).toEqual({
      expiresAt: plusSeconds(T0, 3_600),
      revokeAt: plusSeconds(T0, 3_480),
    });
  });

  it("A request has no deadline before it is approved", () => {
    expect(deadlineOf({ ...approved, approvedAt: null }, settings())).toBeUndefined();
  });
});
