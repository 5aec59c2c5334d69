import { describe, expect, it } from "vitest";
import { circles, oneOf, policyAsking } from "../../../lab/fakes/policy-asking.ts";
import type { AccessPolicy, Rule } from "../../../shared/domain/policy/policy.ts";
import type { Requirement } from "../../../shared/domain/requests/request.ts";
import { promptFindings } from "../../../shared/policy-tools/prompt-findings.ts";

const DAY = 86_400;
const found = (approval: readonly Requirement[], change: Partial<Rule> = {}) => {
  const policy: AccessPolicy = policyAsking(...approval);
  const rules = policy.rules.map((rule, at) => (at === 0 ? { ...rule, ...change } : rule));
  return promptFindings({ ...policy, rules }).map(({ code, path }) => `${code} ${path.join(".")}`);
};
const askingAfter = (afterSeconds: number): Requirement => ({
  ...oneOf("payments-leads"),
  escalate: { afterSeconds, groups: ["sre"] },
});

describe("Reminders and escalations that reach nobody", () => {
  it("A second circle that is asked in time, and reminders before the lapse, are in order", () => {
    const remind = { afterSeconds: DAY - 1, times: 3 };
    expect(found([askingAfter(DAY - 1)], { remind })).toEqual([]);
  });

  it("An escalation that comes when the request has lapsed is found", () => {
    expect(found([askingAfter(DAY)])).toEqual([
      "escalation-too-late rules.0.approval.0.escalate.after",
    ]);
  });

  it.each([
    ["the same groups", circles(["payments-leads"], ["payments-leads"])],
    ["the requester alone", circles(["payments-leads"], ["payments"])],
  ])("A second circle with %s is found: nobody more is asked", (_, requirement) => {
    expect(found([requirement])).toEqual([
      "escalation-asks-nobody rules.0.approval.0.escalate.groups",
    ]);
  });

  it("Reminders of a rule without approvers, and those after the lapse, are found", () => {
    expect(found([], { remind: { afterSeconds: 600, times: 1 } })).toEqual([
      "reminds-nobody rules.0.remind",
    ]);
    expect(found([oneOf("payments-leads")], { remind: { afterSeconds: DAY, times: 1 } })).toEqual([
      "reminds-nobody rules.0.remind.after",
    ]);
  });
});
