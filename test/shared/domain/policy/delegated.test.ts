import { describe, expect, it } from "vitest";
import type { Delegation } from "../../../../shared/domain/delegations/delegation.ts";
import { isInForce } from "../../../../shared/domain/policy/delegated.ts";
import { mayEndDelegation } from "../../../../shared/domain/policy/delegation-rights.ts";
import { memberOf } from "../../../../shared/domain/policy/policy.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { T0 } from "../../../fakes/builders.ts";
import { countedId } from "../../../fakes/counted-ids.ts";
import { policyDelegating, withGroups } from "../../../fakes/policy-delegating.ts";

const POLICY = policyDelegating();
const delegation = (by: string, to: string): Delegation => ({
  id: countedId(1),
  ...{ by, to, from: T0, until: plusSeconds(T0, 3_600), createdAt: T0, ended: null },
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

describe("Who may end a delegation", () => {
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
