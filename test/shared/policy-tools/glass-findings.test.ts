/** The warning about break-glass that Slack lends, where approvers may not decide there. */
import { describe, expect, it } from "vitest";
import { policyWithGlass } from "../../../lab/fakes/glass-policy.ts";
import type { AccessPolicy, Rule } from "../../../shared/domain/policy/policy.ts";
import { glassFindings } from "../../../shared/policy-tools/glass-findings.ts";

const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };
const API: Partial<Rule> = { decideIn: ["api"] };

function policy(change: (rule: Rule) => Partial<Rule>): AccessPolicy {
  const { rules, ...rest } = policyWithGlass();
  return { ...rest, slack: SLACK, rules: rules.map((rule) => ({ ...rule, ...change(rule) })) };
}
const strict = policy(({ name }) => (name === "payments-edit" ? API : {}));

describe("Break-glass in Slack", () => {
  it("A rule beside it that lets nobody decide in Slack is a warning for each break-glass", () => {
    const found = glassFindings(strict);
    expect(found.map(({ code }) => code)).toEqual(["break-glass-in-slack", "break-glass-in-slack"]);
    expect(found.map(({ path }) => strict.rules[path[1] as number]?.name)).toEqual([
      "break-glass",
      "payments-glass",
    ]);
    expect(found[0]?.detail).toBe(
      "break-glass lends at once to whoever asks in Slack, where nobody may decide on payments-edit for the same clusters. Write decideIn: [api], or let approvers decide in Slack too.",
    );
  });

  it.each([
    ["approvers may decide in Slack", policy(() => ({}))],
    ["break-glass is not for Slack either", policy(() => API)],
    ["Slack is not set up", { ...strict, slack: undefined } as unknown as AccessPolicy],
    [
      "the stricter rule is for other clusters",
      policy(({ name }) => (name === "staging-groups" ? API : {})),
    ],
    [
      "break-glass needs an approval",
      policy(({ name, breakGlass }) =>
        breakGlass
          ? { approval: [{ groups: ["payments-leads"], count: 1 }] }
          : name === "payments-edit"
            ? API
            : {},
      ),
    ],
  ])("There is no warning where %s", (_why, quiet) => {
    expect(glassFindings(quiet)).toEqual([]);
  });
});
