import { describe, expect, it } from "vitest";
import { requirementText } from "../../../cli/text/requirement-text.ts";

const NOW = "2026-11-24T10:05:00.000Z";
const LEADS = { groups: ["payments-leads"], count: 1 };
const LATER = { afterSeconds: 900, groups: ["sre", "platform"] };
const ASKED = { ...LATER, askedFrom: "2026-11-24T10:15:00.000Z" };
const PEOPLE = ["bob", "carol", "erin"];

describe("The required approvers, in words", () => {
  it("A second circle of a rule stands with how long it is left out", () => {
    expect(requirementText([{ ...LEADS, escalate: LATER }])).toBe(
      "1 of payments-leads, after 15m also of sre or platform",
    );
    const escalate = { ...LATER, people: ["carol", "erin"] };
    expect(requirementText([{ ...LEADS, people: PEOPLE, escalate }])).toBe(
      "1 of payments-leads (bob), after 15m also of sre or platform (carol, erin)",
    );
  });

  it("A second circle of a request stands with the time at which it is asked", () => {
    const escalate = { ...ASKED, people: ["carol", "erin"] };
    expect(requirementText([{ ...LEADS, people: PEOPLE, escalate }], NOW)).toMatch(
      /^1 of payments-leads \(bob\), from \d\d:15 \S+ on also of sre or platform \(carol, erin\)$/,
    );
  });

  it("A second circle that is asked by now stands with the first", () => {
    expect(requirementText([{ ...LEADS, people: PEOPLE, escalate: ASKED }], ASKED.askedFrom)).toBe(
      "1 of payments-leads or sre or platform (bob, carol, erin)",
    );
  });

  it("Where everybody is needed, they are named and not counted", () => {
    expect(requirementText([{ ...LEADS, people: ["bob"] }])).toBe("bob of payments-leads");
    const both = { groups: ["payments-leads", "sre"], count: 2, people: ["bob", "carol"] };
    expect(requirementText([both])).toBe("bob and carol of payments-leads or sre");
    const three = { ...LEADS, count: 3, people: PEOPLE };
    expect(requirementText([three])).toBe("bob, carol and erin of payments-leads");
  });

  it("A circle without anybody says so", () => {
    const escalate = { ...LATER, people: [] };
    expect(requirementText([{ ...LEADS, people: [], escalate }])).toBe(
      "1 of payments-leads (nobody at present), after 15m also of sre or platform (nobody at present)",
    );
  });
});
