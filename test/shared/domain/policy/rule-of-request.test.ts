/** The rule of today as it holds for a request: nobody gains by a change of the file. */
import { describe, expect, it } from "vitest";
import { policyWith } from "../../../../lab/fakes/builders.ts";
import { policyAsking } from "../../../../lab/fakes/policy-asking.ts";
import type { Rule } from "../../../../shared/domain/policy/policy.ts";
import { ruleOfRequest } from "../../../../shared/domain/policy/rule-of-request.ts";
import type { Requirement } from "../../../../shared/domain/requests/request.ts";

const later = (...groups: readonly string[]) => ({ escalate: { afterSeconds: 900, groups } });
const rule = "payments-edit";
const requester = "alice";

/** The approvals that a request needs which was stored with some, under a rule of today with others. */
const approval = (stored: readonly Requirement[], today: readonly Requirement[]) =>
  ruleOfRequest(policyAsking(...today), { rule, requester, requirements: stored })?.approval;

describe("The rule of a request", () => {
  it("A group that was added since gains nothing, and one that was removed loses", () => {
    expect(
      approval([{ groups: ["a", "b"], count: 1 }], [{ groups: ["b", "c"], count: 2 }]),
    ).toEqual([{ groups: ["b"], count: 2 }]);
    expect(approval([{ groups: ["a"], count: 1 }], [{ groups: ["b"], count: 1 }])).toEqual([
      { groups: [], count: 1 },
    ]);
    expect(approval([{ groups: ["a"], count: 1 }], [])).toEqual([]);
  });

  it("A second circle counts at the request too, and is left out where nobody of it is left", () => {
    const stored = [{ groups: ["a"], count: 1, ...later("b") }];
    expect(approval(stored, [{ groups: ["b"], count: 1 }])).toEqual([{ groups: ["b"], count: 1 }]);
    const today = { groups: ["a"], count: 1, ...later("b", "c") };
    expect(approval(stored, [today])).toEqual([{ groups: ["a"], count: 1, ...later("b") }]);
    expect(approval(stored, [{ ...today, ...later("c") }])).toEqual([{ groups: ["a"], count: 1 }]);
  });

  it("An extension needs no approval where the rule says so, and the grant itself does", () => {
    const extend = { times: 1, totalSeconds: 7_200 };
    const stored = [{ groups: ["payments-leads"], count: 1 }];
    const needs = (over: Partial<Rule>, more: object = {}) =>
      ruleOfRequest(policyWith(over), { rule, requester, requirements: stored, ...more })?.approval
        .length;
    const none = { extend: { ...extend, approval: "none" as const } };
    const same = { extend: { ...extend, approval: "same" as const } };
    expect(needs(none)).toBe(1);
    expect(needs(none, { extends: "a grant" })).toBe(0);
    expect(needs(same, { extends: "a grant" })).toBe(1);
  });

  it("An extension of access whose time an approver cut needs an approval, whatever the rule says", () => {
    const stored = [{ groups: ["payments-leads"], count: 1 }];
    const extend = { times: 1, totalSeconds: 7_200, approval: "none" as const };
    const extension = { extends: "a grant", shortened: true } as const;
    const request = { rule, requester, requirements: stored, ...extension };
    expect(ruleOfRequest(policyWith({ extend }), request)?.approval).toEqual(stored);
  });

  it("There is none where the file has the rule no more", () => {
    expect(
      ruleOfRequest(policyAsking(), { rule: "gone", requester, requirements: [] }),
    ).toBeUndefined();
  });
});
