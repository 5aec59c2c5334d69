/** Whether a ticket is what a rule asks: met, not met, or unknown. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { type TicketAsk, ticketNow } from "../../../../shared/domain/facts/ticket-fact.ts";
import type { Ticket } from "../../../../shared/domain/facts/ticket-look.ts";
import { afterTicketLook } from "../../../../shared/domain/facts/ticket-reading.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const KEY = "jira/example.atlassian.net/PAY-1";
const later = (seconds: number) => plusSeconds(T0, seconds);
const ASK: TicketAsk = {
  tracker: { service: "jira", site: "example.atlassian.net", projects: ["PAY"] },
  terms: { in: "payments", status: ["open", "in-progress"], assignee: "requester" },
  ticket: "PAY-1",
  ids: { atlassian: "alice" },
  createdAt: T0,
};
const TICKET: Ticket = {
  key: "PAY-1",
  status: "open",
  title: "Payments time out",
  assignees: ["alice"],
  reporter: "bob",
  createdAt: later(-60),
};
const read = (over: Partial<Ticket> = {}, at = T0) =>
  afterTicketLook(KEY, undefined, { ticket: { ...TICKET, ...over } }, at);
const OTHERS = { ...ASK.terms, reporter: "other" } as const;

describe("What a ticket is to a rule", () => {
  it("It is met, and the fact says whose it is and when it was read", () => {
    expect(ticketNow(ASK, read(), T0)).toEqual({
      is: "met",
      fact: { in: "payments", ticket: KEY, status: "open", assignee: "alice", readAt: T0 },
    });
  });

  it.each([
    ["closed", { status: "done" }, ASK, "ticket-closed"],
    ["in a status of no meaning", { status: "neither" }, ASK, "ticket-closed"],
    ["somebody else's", { assignees: ["bob"] }, ASK, "ticket-not-yours"],
    ["nobody's", { assignees: [] }, ASK, "ticket-not-yours"],
    [
      "closed and somebody else's, whose status is not told",
      { assignees: ["bob"], status: "done" },
      ASK,
      "ticket-not-yours",
    ],
    ["of somebody without an id", {}, { ...ASK, ids: undefined }, "ticket-not-yours"],
    ["their own making", { reporter: "alice" }, { ...ASK, terms: OTHERS }, "ticket-not-yours"],
    [
      "made after the request",
      { createdAt: later(1) },
      { ...ASK, terms: OTHERS },
      "ticket-not-yours",
    ],
  ] as const)("A ticket that is %s is not met", (_, over, ask, code) => {
    const found = ticketNow(ask, read(over), T0);
    expect(found).toMatchObject({ is: "not", code });
    if (code === "ticket-not-yours") expect(JSON.stringify(found)).not.toMatch(/open|done/);
  });

  it("A ticket of which nobody knows when it was made is not one from before the request", () => {
    const { createdAt: _, ...ticket } = TICKET;
    const reading = afterTicketLook(KEY, undefined, { ticket }, T0);
    expect(ticketNow({ ...ASK, terms: OTHERS }, reading, T0)).toMatchObject({
      is: "not",
      code: "ticket-not-yours",
    });
  });

  it("A ticket that is missing, hidden or moved has one text", () => {
    const found = (["not-found", "moved", "no-ticket"] as const).map((missing) =>
      ticketNow(ASK, afterTicketLook(KEY, undefined, { missing }, T0), T0),
    );
    expect(new Set(found.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(found[0]).toMatchObject({ is: "not", code: "ticket-not-found" });
  });

  it.each([
    ["nobody has read it", undefined, T0, "never-read"],
    ["the answer is a quarter of an hour old", read(), later(900), "old"],
    ["the answer is of long before the request", read({}, later(-31)), T0, "old"],
    ["the answer is of another clock", read({}, later(61)), T0, "old"],
    [
      "it is the answer about another ticket",
      { ...read(), ticket: "jira/x/PAY-1" },
      T0,
      "never-read",
    ],
    ["the token is refused", afterTicketLook(KEY, read(), { unknown: "denied" }, T0), T0, "denied"],
  ] as const)("It is unknown where %s", (_, reading, now, why) => {
    expect(ticketNow(ASK, reading, now)).toMatchObject({ is: "unknown", why });
  });

  it("An answer counts while its tracker is away for a moment, and no longer than any", () => {
    const away = afterTicketLook(KEY, read(), { unknown: "unreachable" }, later(600));
    expect(ticketNow(ASK, away, later(899))).toMatchObject({ is: "met" });
    expect(ticketNow(ASK, away, later(900))).toMatchObject({ is: "unknown", why: "unreachable" });
  });

  it("Nobody may decide without it before somebody looked, or had a minute to", () => {
    expect(ticketNow(ASK, undefined, later(59))).toMatchObject({ isAsked: false });
    expect(ticketNow(ASK, undefined, later(60))).toMatchObject({ isAsked: true });
    const looked = afterTicketLook(KEY, undefined, { unknown: "busy" }, later(1));
    expect(ticketNow(ASK, looked, later(2))).toMatchObject({ isAsked: true });
    const before = afterTicketLook(KEY, undefined, { unknown: "busy" }, later(-31));
    expect(ticketNow(ASK, before, later(2))).toMatchObject({ isAsked: false });
  });
});
