/** Whether somebody may let another person approve for them, at the edges of each rule. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { DAY, policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import {
  checkAsk,
  checkCount,
  circle,
  type DelegationAsk,
  hasAnyToDelegate,
  isAtSameTime,
} from "../../../../shared/domain/policy/delegation-ask.ts";
import { type AccessPolicy, memberOf } from "../../../../shared/domain/policy/policy.ts";
import { BrokerError } from "../../../../shared/domain/values/errors.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const POLICY = policyDelegating();
const LONGEST = 21 * DAY;
const at = (seconds: number) => plusSeconds(T0, seconds);
const delegation = {
  id: countedId(1),
  by: "bob",
  to: "erin",
  from: T0,
  until: at(DAY),
  createdAt: T0,
  ended: null,
};

/** The code of the refusal; undefined where it is allowed. */
function refusal(ask: Partial<DelegationAsk>, by = "bob", policy: AccessPolicy = POLICY) {
  const member = memberOf(policy, by);
  if (!member) throw new Error(`There is no ${by}.`);
  try {
    checkAsk(policy, member, { to: "erin", from: null, until: at(DAY), ...ask }, T0);
    return undefined;
  } catch (error) {
    return error instanceof BrokerError ? error.code : error;
  }
}

describe("The times of a delegation", () => {
  it.each<[number | null, number, string | undefined]>([
    [null, 1, undefined],
    [null, 0, "delegation-in-past"],
    [null, -1, "delegation-in-past"],
    [0, 1, undefined],
    [-1, DAY, "delegation-in-past"],
    [1, 2, undefined],
    [10, 10, "delegation-without-time"],
    [10, 9, "delegation-without-time"],
    [null, LONGEST, undefined],
    [null, LONGEST + 1, "delegation-too-long"],
    [DAY, DAY + LONGEST, undefined],
    [DAY, DAY + LONGEST + 1, "delegation-too-long"],
  ])("From %s s until %s s from now it is refused as %s", (from, until, code) => {
    expect(refusal({ from: from === null ? null : at(from), until: at(until) })).toBe(code);
  });
});

describe("The people of a delegation", () => {
  it("It is from one person of the file to another, where the file allows delegations", () => {
    const { delegations: _, ...without } = POLICY;
    expect(refusal({}, "bob", without)).toBe("delegations-off");
    expect(refusal({ to: "nobody" })).toBe("unknown-delegate");
    expect(refusal({ to: "bob" })).toBe("delegation-to-self");
  });

  it("Its delegate is in one of the groups that may decide for others, where the file names some", () => {
    const only = (...toGroups: readonly string[]) => ({
      ...POLICY,
      delegations: { longestSeconds: LONGEST, toGroups },
    });
    expect(refusal({ to: "carol" }, "bob", only("sre"))).toBeUndefined();
    expect(refusal({ to: "erin" }, "bob", only("sre"))).toBe("not-a-delegate");
    // The delegator need not be in one.
    expect(refusal({ to: "bella" }, "bob", only("payments-leads"))).toBeUndefined();
  });

  it("Its delegator approves under some rule that can be delegated", () => {
    expect(refusal({ to: "bob" }, "erin")).toBe("nothing-to-delegate");
    const rules = POLICY.rules.map((rule) => ({ ...rule, delegable: false }));
    expect(refusal({}, "bob", { ...POLICY, rules })).toBe("nothing-to-delegate");
    const escalate = { afterSeconds: 900, groups: ["later"] };
    const later = POLICY.rules.map((rule) => ({
      ...rule,
      delegable: true,
      approval: [{ groups: ["first"], count: 1, escalate }],
    }));
    const has = (group: string) =>
      hasAnyToDelegate({ ...POLICY, rules: later }, { groups: ["x", group] });
    expect([has("first"), has("later"), has("other")]).toEqual([true, true, false]);
  });

  it("Its delegator may approve only what agents ask for", () => {
    const rules = POLICY.rules.map((rule) => ({
      ...rule,
      delegable: true,
      approval: [],
      agents: [{ groups: ["agents"], count: 1 }],
    }));
    const has = (group: string) => hasAnyToDelegate({ ...POLICY, rules }, { groups: [group] });
    expect([has("agents"), has("other")]).toEqual([true, false]);
  });
});

describe("The number of delegations", () => {
  it("Ten that are not over are too many for one more", () => {
    const given = (count: number) => Array.from({ length: count }, () => delegation);
    expect(() => checkCount(given(9))).not.toThrow();
    expect(() => checkCount(given(10))).toThrow("You have 10 delegations that are not over");
  });
});

describe("Two delegations at the same time", () => {
  it.each([
    [0, 10, 10, 20, false],
    [10, 20, 0, 10, false],
    [0, 10, 9, 20, true],
    [9, 20, 0, 10, true],
    [0, 20, 5, 10, true],
    [5, 10, 0, 20, true],
    [0, 10, 0, 10, true],
    [0, 10, 11, 20, false],
  ])("From %s until %s, and from %s until %s: %s", (from, until, from2, until2, is) => {
    const times = [at(from), at(until), at(from2), at(until2)] as const;
    expect(
      isAtSameTime({ from: times[0], until: times[1] }, { from: times[2], until: times[3] }),
    ).toBe(is);
  });

  it("A circle names everyone in between, and not its own beginning", () => {
    expect(circle(["bob", "erin", "frank", "bob"]).message).toContain(
      "At the same time, erin and frank would let others approve",
    );
  });
});
