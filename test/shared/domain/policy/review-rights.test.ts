/** The review that a break-glass opens, and the people who may close it. */
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy, aRequest, BOB, T0 } from "../../../../lab/fakes/builders.ts";
import { memberOf, type Rule } from "../../../../shared/domain/policy/policy.ts";
import {
  hasPartIn,
  isReviewOpened,
  mayClose,
  reviewersOf,
  reviewOpenedBy,
} from "../../../../shared/domain/policy/review-rights.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const POLICY = aPolicy();
const found = POLICY.rules.find(({ breakGlass }) => breakGlass);
if (!found) throw new Error("The policy of tests has no break-glass rule.");
const BY = ["payments-leads", "platform"];
const GLASS: Rule = { ...found, review: { by: BY, withinSeconds: 3_600, block: false } };
const { review: _, ...UNREVIEWED } = GLASS;
const at = (seconds: number) => plusSeconds(T0, seconds);
const glass = (more: Partial<AccessRequest> = {}): AccessRequest => ({
  ...aRequest({ breakGlass: true }),
  ...more,
});
const member = (name: string) => {
  const one = memberOf(POLICY, name);
  if (!one) throw new Error(`There is no ${name}.`);
  return one;
};

describe("The review that an approval opens", () => {
  it("It is due at its time after the start: the approval, or the start that was asked for", () => {
    const opened = { by: BY, dueAt: at(3_700) };
    expect(reviewOpenedBy(GLASS, glass(), at(100))).toEqual({
      details: { review: opened },
      changes: { review: { ...opened, closed: null } },
    });
    const later = reviewOpenedBy(GLASS, glass({ startsAt: at(1_000) }), at(100));
    expect(later).toMatchObject({ changes: { review: { dueAt: at(4_600) } } });
  });

  it("Only a break-glass opens one, and only where its rule asks for it", () => {
    expect(reviewOpenedBy(GLASS, glass({ breakGlass: false }), T0)).toEqual({});
    expect(reviewOpenedBy(UNREVIEWED, glass(), T0)).toEqual({});
  });

  it("A record's review is the rule's, or is due earlier and closed by fewer", () => {
    const approved = glass({ approvedAt: T0 });
    const claimed = (review: object | undefined, rule: Rule = GLASS, more: object = {}) =>
      isReviewOpened(rule, {
        ...approved,
        ...more,
        ...(review ? { review: { by: BY, dueAt: at(3_600), closed: null, ...review } } : {}),
      });
    expect(claimed({})).toBe(true);
    expect(claimed({ dueAt: at(1) })).toBe(true);
    expect(claimed({ dueAt: at(3_601) })).toBe(false);
    expect(claimed({ by: ["platform"] })).toBe(true);
    expect(claimed({ by: [] })).toBe(false);
    expect(claimed({ by: [...BY, "sre"] })).toBe(false);
    expect(claimed({ closed: { person: "bob", at: T0, note: "x" } })).toBe(false);
    expect(claimed(undefined)).toBe(false);
    expect(claimed(undefined, UNREVIEWED)).toBe(true);
    // Before an approval, its time runs from the request.
    expect(claimed({ dueAt: at(3_601) }, GLASS, { approvedAt: null })).toBe(false);
    expect(claimed({}, GLASS, { approvedAt: null })).toBe(true);
  });
});

describe("The right to close a review", () => {
  it("Members of its groups who neither asked nor hold the principal", () => {
    const review = { by: ["payments", ...BY], dueAt: T0, closed: null };
    const closes = (more: Partial<AccessRequest>) =>
      ["alice", "bob", "carol"].filter((name) =>
        mayClose(POLICY, member(name), glass({ review, ...more })),
      );
    expect(closes({})).toEqual(["bob", "carol"]);
    expect(closes({ principalArn: BOB })).toEqual(["carol"]);
    expect(closes({ requester: "carol" })).toEqual(["bob"]);
    expect(closes({ review: { ...review, by: ["payments-leads"] } })).toEqual(["bob"]);
    const { review: _review, ...unreviewed } = glass();
    expect(mayClose(POLICY, member("bob"), unreviewed)).toBe(false);
  });

  it("A part in the access is to have asked for it, or to hold its principal", () => {
    const part = (name: string, more: object) =>
      hasPartIn(POLICY, { name }, { ...glass(), ...more });
    expect(part("alice", {})).toBe(true);
    expect(part("bob", {})).toBe(false);
    expect(part("bob", { principalArn: BOB })).toBe(true);
    expect(part("alice", { requester: "bob", principalArn: BOB })).toBe(false);
  });

  it("Those who could are named without the member and without holders of any of the principals", () => {
    const could = (name: string, ...principals: readonly string[]) =>
      reviewersOf(POLICY, { by: BY }, { name }, principals);
    expect(could("alice", ALICE)).toEqual(["bob", "carol"]);
    expect(could("bob", ALICE)).toEqual(["carol"]);
    expect(could("alice", ALICE, BOB)).toEqual(["carol"]);
    expect(could("alice")).toEqual(["bob", "carol"]);
  });
});
