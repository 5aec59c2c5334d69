/** The words for a request's ticket, whose title is text of others. */
import { describe, expect, it } from "vitest";
import { requestFacts } from "../../../cli/text/request-facts.ts";
import { requestStateText } from "../../../cli/text/request-text.ts";
import { leanedOnTicket, thenText } from "../../../cli/text/ticket-text.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import { answerTo, asked } from "../sample-requests.ts";

const NOW = "2026-11-24T10:05:00.000Z";
const PENDING: RequestAnswer = { ...answerTo(asked()), ticket: "PAY-1" };
const AT_ONCE: RequestAnswer = { ...PENDING, requirements: [], needs: [] };
const fact = (name: string, request: RequestAnswer) =>
  requestFacts(request, NOW).find(([is]) => is === name)?.[1];

describe("The ticket in the facts of a request", () => {
  it("It says what its tracker said, with a title in which nothing hides", () => {
    const ticketIs = {
      is: "met",
      detail: "It is as the rule asks.",
      readAt: "2026-11-24T10:04:00.000Z",
      status: "open",
      title: "Payments\u202e\u001b[2J time out",
    } as const;
    const text = fact("Ticket", { ...PENDING, ticketIs });
    expect(text).toMatch(
      /^PAY-1\. It is as the rule asks\. \(read 2026-11-24 10:04 UTC\); it is open: "/,
    );
    expect(text).toContain("Payments\\u{202e}\\u{1b}[2J time out");
  });

  it("Without title and status it is shorter, and without a ticket it is not there", () => {
    const ticketIs = { is: "unknown", detail: "It is not known.", readAt: null } as const;
    expect(fact("Ticket", { ...PENDING, ticketIs })).toBe("PAY-1. It is not known.");
    expect(fact("Ticket", PENDING)).toBe("PAY-1");
    expect(fact("Ticket", answerTo(asked()))).toBeUndefined();
  });

  it("Where no person approves, it waits for its tracker and for nobody", () => {
    expect(fact("Approval", AT_ONCE)).toBe("none: granted once its tracker has answered");
    expect(requestStateText(AT_ONCE, NOW)).toMatch(
      /^It waits until its tracker has said what PAY-1 is;/,
    );
    expect(requestStateText(AT_ONCE, NOW)).not.toContain("approve");
    expect(requestStateText(PENDING, NOW)).toContain(", and its tracker is asked about PAY-1; it");
  });

  it("A dry run says that a tracker is asked first", () => {
    const ticketTerms = { in: "payments", status: ["open"] } as const;
    expect(thenText({ requirements: [], ticketTerms })).toContain("once its tracker has answered");
    expect(thenText({ requirements: [] })).toBe("it would be granted at once");
  });

  it("A step says what it leaned on, also where that was not known", () => {
    const ticket = { in: "payments", ticket: "jira/example.atlassian.net/PAY-1" };
    expect(leanedOnTicket({ ...ticket, unknown: "denied" })).toContain("was not known (denied)");
    expect(leanedOnTicket({ ...ticket, status: "open", readAt: NOW })).toContain("PAY-1 was open");
  });
});
