import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, BOB } from "../../../../lab/fakes/builders.ts";
import { approversOf, peopleOf } from "../../../../shared/domain/policy/approvers.ts";
import { type AccessPolicy, memberOf, type Rule } from "../../../../shared/domain/policy/policy.ts";

/** The people who can approve alice's request under a rule that requires one of `groups`. */
function approvers(
  groups: readonly string[],
  principals: readonly string[],
  { rule: changed = {}, policy = aPolicy() }: { rule?: Partial<Rule>; policy?: AccessPolicy } = {},
) {
  const [rule] = policy.rules;
  const alice = memberOf(policy, "alice");
  if (!rule || !alice) throw new Error("The policy has no rule, or no alice.");
  const asking = { ...rule, approval: [{ groups, count: 1 }], ...changed };
  return approversOf(policy, asking, alice, principals);
}

/** The sample policy, in which carol has only these principals. */
function carolHolds(...principals: readonly string[]): AccessPolicy {
  const policy = aPolicy();
  const { carol } = policy.people;
  if (!carol) throw new Error("carol is not in the policy");
  return { ...policy, people: { ...policy.people, carol: { ...carol, principals } } };
}

describe("The people who may approve", () => {
  const names = (...args: Parameters<typeof approvers>) => approvers(...args)[0]?.people;

  it("Approvers are members of one of the groups, without the requester", () => {
    expect(names(["sre"], [ALICE])).toEqual(["carol"]);
    expect(names(["payments", "payments-leads", "platform"], [ALICE])).toEqual(["bob", "carol"]);
    expect(names(["payments"], [ALICE])).toEqual([]);
  });

  it("Approvers do not hold all principals that the request may be for", () => {
    expect(names(["sre"], [ALICE], { policy: carolHolds(ALICE) })).toEqual([]);
    expect(names(["sre"], [ALICE, BOB], { policy: carolHolds(ALICE) })).toEqual(["carol"]);
    expect(names(["sre"], [ALICE, BOB], { policy: carolHolds(ALICE, BOB) })).toEqual([]);
  });

  it("Approvers may hold the principal if the rule allows it or none is known yet", () => {
    const policy = carolHolds(ALICE);
    const rule = { approverMayHoldPrincipal: true };
    expect(names(["sre"], [ALICE], { policy, rule })).toEqual(["carol"]);
    expect(names(["sre"], [], { policy })).toEqual(["carol"]);
  });

  it("Approvers are listed once, even if several requirements name them", () => {
    const approval = [
      { groups: ["sre", "payments-leads"], count: 1 },
      { groups: ["platform"], count: 1 },
    ];
    const requirements = approvers([], [ALICE], { rule: { approval } });
    expect(peopleOf(aPolicy(), requirements).map(({ name }) => name)).toEqual(["bob", "carol"]);
  });
});
