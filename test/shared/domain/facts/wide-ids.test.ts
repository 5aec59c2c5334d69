/** Ids of persons in a reading of a ticket, which a ledger keeps with the fact that a grant leans on. */
import { expect, it } from "vitest";
import { fullest } from "../../../../shared/domain/entries/bounds.ts";
import { openLedger } from "../../../../shared/domain/entries/ledger.ts";
import { ticketReadingIn } from "../../../../shared/domain/facts/ticket-reading.ts";
import { valueBytes } from "../../../../shared/domain/values/item-bytes.ts";

const AT = "2026-12-01T02:00:00.000Z";
const KEY = "jira/example.atlassian.net/PAY-1";

const readingOf = (reporter: string) => {
  const ticket = { key: "PAY-1", status: "open", title: "", assignees: [], reporter };
  return ticketReadingIn(KEY, { ticket: KEY, lookedAt: AT, answer: { readAt: AT, is: ticket } });
};

it("An id of wide letters is none, so that the reading counts as never made", () => {
  expect(readingOf("😀")).toBeUndefined();
  expect(readingOf("é")).toBeUndefined();
  expect(readingOf("557058:f58131cb-b67d-43c7-b30d-6b58d40bd077")).toBeDefined();
});

it("The fullest form of a ledger is no smaller than the fact with the longest id", () => {
  const reporter = "x".repeat(128);
  expect(readingOf(reporter)).toBeDefined();
  const fact = { in: "payments", ticket: KEY, status: "open", reporter, readAt: AT } as const;
  const times = { revokeAt: AT, expiresAt: AT, over: false, refusal: null, refusedSince: null };
  const ledger = openLedger({ binding: "b", clusterArn: "c", principalArn: "p" });
  const { begun } = fullest({ ...ledger, begun: { g: { ...times, ticket: fact } } });
  expect(valueBytes(begun["g"]?.ticket)).toBeGreaterThanOrEqual(valueBytes(fact));
});
