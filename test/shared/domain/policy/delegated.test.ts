import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { policyDelegating, withGroups } from "../../../../lab/fakes/policy-delegating.ts";
import type { Delegation } from "../../../../shared/domain/delegations/delegation.ts";
import { isCoveredBy, isInForce } from "../../../../shared/domain/policy/delegated.ts";
import {
  mayEndDelegation,
  mayReadDelegation,
} from "../../../../shared/domain/policy/delegation-rights.ts";
import { memberOf } from "../../../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const POLICY = policyDelegating();
const delegation = (by: string, to: string): Delegation => ({
  id: countedId(1),
  by,
  to,
  from: T0,
  until: plusSeconds(T0, 3_600),
  createdAt: T0,
  ended: null,
});

describe("A delegation in force", () => {
  it.each([
    ["bob", "erin", true],
    ["bob", "bob", false],
    ["nobody", "erin", false],
    ["bob", "nobody", false],
  ])("A delegation of %s to %s counts: %s", (by, to, counts) => {
    expect(isInForce(POLICY, delegation(by, to), T0)).toBe(counts);
  });
});

describe("An approval on somebody's behalf", () => {
  const made = delegation("bob", "erin");
  const onBehalfOf = { person: "bob", delegation: made.id };
  const approval = { person: "erin", onBehalfOf, surface: "api", at: T0, proof: {} } as const;

  it("It was given under the delegation that it names, of that person, by its delegate, in its time", () => {
    const covered = (more: object, by: Delegation | undefined = made) =>
      isCoveredBy(POLICY, by, { ...approval, ...more });
    expect(covered({})).toBe(true);
    expect(isCoveredBy(POLICY, undefined, approval)).toBe(false);
    expect(covered({}, { ...made, id: countedId(2) })).toBe(false);
    expect(covered({}, { ...made, by: "bella" })).toBe(false);
    expect(covered({}, { ...made, to: "frank" })).toBe(false);
    expect(covered({ person: "frank" })).toBe(false);
    expect(covered({ onBehalfOf: { ...onBehalfOf, person: "bella" } })).toBe(false);
    expect(covered({ onBehalfOf: undefined })).toBe(false);
    expect(covered({ at: plusSeconds(T0, -1) })).toBe(false);
    expect(covered({ at: made.until })).toBe(false);
  });
});

describe("The right to read a delegation", () => {
  it("Its delegator and delegate, admins and auditors, and nobody else", () => {
    const readers = (roles: typeof POLICY.roles) => {
      const policy = { ...withGroups(POLICY, "cyril", "overseers"), roles };
      return ["bob", "erin", "cyril", "frank", "bella"].filter((name) => {
        const member = memberOf(policy, name);
        return member && mayReadDelegation(policy, member, delegation("bob", "erin"));
      });
    };
    expect(readers({ admins: [], auditors: [] })).toEqual(["bob", "erin"]);
    expect(readers({ admins: ["overseers"], auditors: [] })).toEqual(["bob", "erin", "cyril"]);
    expect(readers({ admins: [], auditors: ["overseers"] })).toEqual(["bob", "erin", "cyril"]);
  });
});

describe("The right to end a delegation", () => {
  it.each([
    ["admins", true],
    ["auditors", false],
  ] as const)("Somebody of %s who has no part in it may: %s", (role, may) => {
    const roles = { admins: [], auditors: [], [role]: ["overseers"] };
    const policy = { ...withGroups(POLICY, "cyril", "overseers"), roles };
    const cyril = memberOf(policy, "cyril");
    if (!cyril) throw new Error("There is no cyril.");
    expect(mayEndDelegation(policy, cyril, delegation("bob", "erin"))).toBe(may);
  });
});
