import { describe, expect, it } from "vitest";
import {
  groupsOf,
  hasText,
  wholeRuleFacts,
  whoText,
} from "../../../../console/views/policy/rule-facts.ts";
import type { PolicyRuleAnswer } from "../../../../shared/http/contract/policy-answer.ts";
import { EDIT_RULE } from "../../../cli/sample-access.ts";

const GROUPS = groupsOf({
  groups: [
    { name: "payments", people: ["alice", "erin"], machines: ["ci"] },
    { name: "payments-leads", people: ["bob"], machines: [] },
    { name: "crowd", people: Array.from({ length: 15 }, (_, at) => `p${at}`), machines: [] },
  ],
});
const { principals: _, ...EDIT } = EDIT_RULE;
const RULE: PolicyRuleAnswer = {
  ...EDIT,
  who: { people: ["zoe"], groups: ["payments"] },
  requirements: [{ groups: ["payments-leads"], count: 1 }],
  review: undefined as never,
  decideIn: ["api", "slack"],
  delegable: true,
};

describe("A rule of the whole policy", () => {
  it("It says who may ask, with the members of groups and those who are named", () => {
    expect(whoText(RULE, GROUPS)).toBe("payments (alice, erin, ci), and zoe by name");
    expect(whoText({ ...RULE, who: { people: [], groups: ["gone"] } }, GROUPS)).toBe(
      "gone (nobody at present)",
    );
    expect(whoText({ ...RULE, onCall: "primary" }, GROUPS)).toMatch(
      /; only while on call in primary$/,
    );
  });

  it("Of a large group it names twelve, and counts the others", () => {
    const text = whoText({ ...RULE, who: { people: [], groups: ["crowd"] } }, GROUPS);
    expect(text).toMatch(/p11 and 3 more\)$/);
  });

  it("It says who must agree by name, and nothing of anybody's principals", () => {
    const facts = new Map(wholeRuleFacts(RULE, GROUPS));
    expect(facts.get("Approval")).toBe("bob of payments-leads");
    expect(facts.has("As")).toBe(false);
    expect(facts.get("Decided in")).toBe("the terminal, the console, the API and Slack");
  });

  it("It is found by its name, its clusters, its groups and their people", () => {
    for (const text of ["payments-edit", "PROD", "leads", "erin", "zoe", ""])
      expect([text, hasText(RULE, GROUPS, text)]).toEqual([text, true]);
    expect(hasText(RULE, GROUPS, "mallory")).toBe(false);
  });
});
