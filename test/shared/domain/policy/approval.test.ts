import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuorum } from "../../../../shared/domain/policy/approval.ts";
import type { Member } from "../../../../shared/domain/policy/policy.ts";
import type { Requirement } from "../../../../shared/domain/requests/request.ts";

const member = (name: string, ...groups: string[]): Member => ({
  name,
  groups,
  email: `${name}@example.com`,
  identities: { iam: [], slack: [] },
  principals: [],
});
const leads = { groups: ["leads"], count: 1 };
const sre = { groups: ["sre"], count: 1 };

describe("A quorum", () => {
  it("A quorum needs a different person for each requirement", () => {
    expect(isQuorum([leads, sre], [member("bob", "leads", "sre")])).toBe(false);
    expect(isQuorum([leads, sre], [member("bob", "leads"), member("carol", "sre")])).toBe(true);
  });
  it("A quorum finds the one assignment that works, in any order of approval", () => {
    const bob = member("bob", "leads", "sre");
    const carol = member("carol", "sre");
    for (const order of [
      [bob, carol],
      [carol, bob],
    ]) {
      expect(isQuorum([sre, leads], order)).toBe(true);
      expect(isQuorum([leads, sre], order)).toBe(true);
    }
  });
  it("A quorum counts each person once", () => {
    const bob = member("bob", "leads");
    expect(isQuorum([{ groups: ["leads"], count: 2 }], [bob, bob])).toBe(false);
  });
  it("A quorum without requirements is met", () => {
    expect(isQuorum([], [])).toBe(true);
  });
  it("A quorum agrees with trying every assignment", () => {
    const groups = fc.subarray(["a", "b", "c"]);
    const people = fc
      .array(groups, { maxLength: 4 })
      .map((list) => list.map((g, at) => member(`p${at}`, ...g)));
    const needs = fc.array(
      fc.record({
        groups: fc.subarray(["a", "b", "c"], { minLength: 1 }),
        count: fc.integer({ min: 1, max: 2 }),
      }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(needs, people, (requirements, approvers) => {
        expect(isQuorum(requirements, approvers)).toBe(everyWay(requirements, approvers));
      }),
    );
  });
});

function everyWay(requirements: readonly Requirement[], approvers: readonly Member[]): boolean {
  const [first, ...rest] = requirements.flatMap((r) =>
    Array.from({ length: r.count }, () => ({ ...r, count: 1 })),
  );
  if (!first) return true;
  return approvers.some(
    (one) =>
      first.groups.some((g) => one.groups.includes(g)) &&
      everyWay(
        rest,
        approvers.filter((other) => other !== one),
      ),
  );
}
