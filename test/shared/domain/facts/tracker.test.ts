/** A ticket is read only where its key has the tracker's own form. */
import { describe, expect, it } from "vitest";
import {
  type Tracker,
  ticketKey,
  ticketNamed,
  ticketOfKey,
  ticketsIn,
} from "../../../../shared/domain/facts/tracker.ts";

const JIRA: Tracker = { service: "jira", site: "example.atlassian.net", projects: ["PAY", "INC"] };
const NOW: Tracker = { service: "serviceNow", instance: "example" };
const GITHUB: Tracker = { service: "github", owner: "example", repository: "operations" };

describe("Tickets by the words of people", () => {
  it.each([
    [JIRA, "PAY-1 stuck rollout", ["PAY-1"]],
    [
      JIRA,
      "see https://example.atlassian.net/browse/INC-42, and [PAY-7]: both",
      ["INC-42", "PAY-7"],
    ],
    [JIRA, "PAY-1, as PAY-1 says", ["PAY-1"]],
    [JIRA, "UTF-8 in XPAY-1 and PAY-1-2 of OPS-3", []],
    [JIRA, "pay-1 in small letters is a word like any other", []],
    [NOW, "INC0012345: restart for CHG0000096", ["INC0012345", "CHG0000096"]],
    [NOW, "INC12 is too short", []],
    [GITHUB, "for #12, not other/place#13", ["#12"]],
  ])("Of %o, %s names %j", (tracker, text, found) => {
    expect(ticketsIn(tracker, text)).toEqual(found);
  });

  it.each([
    [JIRA, "pay-1", "PAY-1"],
    [JIRA, "OPS-1", undefined],
    [JIRA, "PAY-0", undefined],
    [JIRA, "PAY-1/../../myself", undefined],
    [JIRA, "PAY-1\n", undefined],
    [NOW, "inc0012345", "INC0012345"],
    [NOW, "INC0012345^active=true", undefined],
    [GITHUB, "12", "#12"],
    [GITHUB, "#12", "#12"],
    [GITHUB, "12?x", undefined],
  ])("Of %o, %j is the ticket %j", (tracker, text, ticket) => {
    expect(ticketNamed(tracker, text)).toBe(ticket);
  });

  it("A key leads back to its ticket at its own place, and at no other", () => {
    for (const [tracker, ticket] of [
      [JIRA, "PAY-1"],
      [NOW, "INC0012345"],
      [GITHUB, "#12"],
    ] as const) {
      const key = ticketKey(tracker, ticket);
      expect(ticketOfKey(tracker, key)).toBe(ticket);
      expect(ticketOfKey({ ...JIRA, site: "other.atlassian.net" }, key)).toBeUndefined();
    }
    expect(ticketOfKey(JIRA, "jira/example.atlassian.net/OPS-1")).toBeUndefined();
  });
});
