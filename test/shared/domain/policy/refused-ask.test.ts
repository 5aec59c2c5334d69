/** The closest refusal, and the rule that lends longest. */
import { describe, expect, it } from "vitest";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { ASK } from "../../../../lab/fakes/memory-broker.ts";
import type { Refusal } from "../../../../shared/domain/policy/eligibility.ts";
import type { Objection } from "../../../../shared/domain/policy/objections.ts";
import { memberOf } from "../../../../shared/domain/policy/policy.ts";
import {
  ambiguous,
  closestFirst,
  longestOf,
} from "../../../../shared/domain/policy/refused-ask.ts";

const refusal = (...codes: readonly Objection["code"][]): Refusal => ({
  rule: codes.join(" "),
  objections: codes.map((code) => ({ code, detail: code })),
});

describe("The closest refusal", () => {
  it("The own cluster comes before the own principal, then only the time, then how many there are", () => {
    const inOrder = [
      refusal("outside-hours"),
      refusal("outside-hours", "start-too-late"),
      refusal("too-long"),
      refusal("too-long", "outside-hours"),
      refusal("too-long", "ticket-missing", "outside-hours"),
      refusal("principal-shared"),
      refusal("principal-not-yours", "too-long"),
      refusal("other-cluster"),
      refusal("other-cluster", "too-long"),
      refusal("other-cluster", "principal-foreign"),
    ];
    expect(inOrder.toReversed().toSorted(closestFirst)).toEqual(inOrder);
    expect(inOrder.toSorted(closestFirst)).toEqual(inOrder);
  });

  it("Equally close ones stay as they are", () => {
    const two = [refusal("too-long"), refusal("ticket-missing")];
    expect(two.toSorted(closestFirst)).toEqual(two);
    expect(two.toReversed().toSorted(closestFirst)).toEqual(two.toReversed());
  });
});

describe("The rule that lends longest", () => {
  const of = (rule: string, ...codes: readonly Objection["code"][]) => ({
    ...refusal(...codes),
    rule,
  });
  const longest = (...refusals: readonly Refusal[]) => longestOf(aPolicy(), refusals)?.name;

  it("It is one that objects only to the duration", () => {
    expect(longest(of("payments-edit", "too-long"), of("view-staging", "too-long"))).toBe(
      "view-staging",
    );
    expect(longest(of("view-staging", "too-long"), of("payments-edit", "too-long"))).toBe(
      "view-staging",
    );
    expect(longest(of("payments-edit", "too-long"), of("view-staging", "too-long", "lapsed"))).toBe(
      "payments-edit",
    );
    expect(longest(of("gone", "too-long"), of("view-staging", "other-cluster"))).toBeUndefined();
  });
});

describe("An ask that names no principal", () => {
  it("It names those that there are, and is denied where there are none", () => {
    const alice = memberOf(aPolicy(), "alice");
    if (!alice) throw new Error("There is no alice.");
    expect(ambiguous(ASK, alice, ["one", "two"])).toMatchObject({
      code: "invalid-request",
      facts: { errors: [{ pointer: "/principalArn", detail: "Name one of one, two." }] },
    });
    expect(ambiguous(ASK, alice, [])).toMatchObject({
      code: "policy-denied",
      detail: expect.stringContaining("no principal of alice"),
    });
  });
});
