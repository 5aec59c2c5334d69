import { describe, expect, it } from "vitest";
import { approversOf, peopleOf } from "../../../../shared/domain/policy/approvers.ts";
import { type AccessPolicy, memberOf, type Rule } from "../../../../shared/domain/policy/policy.ts";
import { ALICE, aPolicy, BOB } from "../../../fakes/builders.ts";

/** The people who may say yes to alice under a rule that asks for somebody of one of `groups`. */
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

/** The sample's policy, where carol has just these principals. */
function carolHolds(...principals: readonly string[]): AccessPolicy {
  const policy = aPolicy();
  const { carol } = policy.people;
  if (!carol) throw new Error("carol is not in the policy");
  return { ...policy, people: { ...policy.people, carol: { ...carol, principals } } };
}

describe("those who may approve", () => {
  const names = (...args: Parameters<typeof approvers>) => approvers(...args)[0]?.people;

  it("are in one of the groups, whatever others they are in, and do not ask themselves", () => {
    expect(names(["sre"], [ALICE])).toEqual(["carol"]);
    expect(names(["payments", "payments-leads", "platform"], [ALICE])).toEqual(["bob", "carol"]);
    expect(names(["payments"], [ALICE])).toEqual([]);
  });

  it("do not hold all that it may be for", () => {
    expect(names(["sre"], [ALICE], { policy: carolHolds(ALICE) })).toEqual([]);
    expect(names(["sre"], [ALICE, BOB], { policy: carolHolds(ALICE) })).toEqual(["carol"]);
    expect(names(["sre"], [ALICE, BOB], { policy: carolHolds(ALICE, BOB) })).toEqual([]);
  });

  it("may hold it where the rule says so, or where there is nothing yet that it is for", () => {
    const policy = carolHolds(ALICE);
    const rule = { approverMayHoldPrincipal: true };
    expect(names(["sre"], [ALICE], { policy, rule })).toEqual(["carol"]);
    expect(names(["sre"], [], { policy })).toEqual(["carol"]);
  });

  it("are named once each, though several requirements name them", () => {
    const approval = [
      { groups: ["sre", "payments-leads"], count: 1 },
      { groups: ["platform"], count: 1 },
    ];
    const requirements = approvers([], [ALICE], { rule: { approval } });
    expect(peopleOf(aPolicy(), requirements).map(({ name }) => name)).toEqual(["bob", "carol"]);
  });
});
