/** Mutants: a ticket lends what it should not, or does not end what it should. */
import type { Mutant } from "./mutant.ts";

const FACT = "shared/domain/facts/ticket-fact.ts";
const OBJECTIONS = "shared/domain/policy/ticket-objections.ts";
const READING = "shared/domain/facts/ticket-reading.ts";
const GRANTS = "shared/usecases/converge/facts-of-grants.ts";
const CLOSED = "shared/domain/policy/closed-ticket.ts";

export const OF_TICKETS: readonly Mutant[] = [
  {
    name: "counts an old answer about a ticket",
    edits: [
      { file: FACT, from: "TICKET_COUNTS_SECONDS = 900", to: "TICKET_COUNTS_SECONDS = 90_000" },
    ],
    seed: 633,
    breaks: "ticket-only",
  },
  {
    name: "counts an answer of before the request",
    edits: [{ file: FACT, from: "READ_BEFORE_SECONDS = 30", to: "READ_BEFORE_SECONDS = 3_000" }],
    seed: 66,
    breaks: "ticket-only",
  },
  {
    name: "takes an unknown ticket for an open one",
    edits: [
      {
        file: OBJECTIONS,
        from: "const mayAsk = isSomebodyAsked && known?.isAsked === true;",
        to: "const mayAsk = isSomebodyAsked || terms !== undefined;",
      },
    ],
    seed: 6,
    breaks: "ticket-only",
  },
  {
    name: "takes anybody's ticket for the asker's",
    edits: [{ file: FACT, from: "!assignees.includes(own)", to: "assignees.length > 9" }],
    seed: 6,
    breaks: "ticket-only",
  },
  {
    name: "lets people vouch for themselves with tickets of their own making",
    edits: [{ file: FACT, from: "isOthers && isBefore", to: "own !== undefined" }],
    seed: 45,
    breaks: "ticket-only",
  },
  {
    name: "keeps the last answer of a tracker that refuses the token",
    edits: [
      {
        file: READING,
        from: "PASSING.has(why) ? before?.answer : undefined",
        to: "before?.answer",
      },
    ],
    seed: 1460,
    breaks: "ticket-only",
  },
  {
    name: "asks no tracker again when access begins",
    edits: [
      {
        file: GRANTS,
        from: "ticketIs: tickets && knownTicket(policy, rule, grant, tickets, now),",
        to: 'ticketIs: rule.ticket && { is: "unknown", why: "old", since: null, isAsked: true },',
      },
      {
        file: OBJECTIONS,
        from: "const mayAsk = isSomebodyAsked && known?.isAsked === true;",
        to: 'const mayAsk = isSomebodyAsked || known?.why === "old";',
      },
    ],
    seed: 4,
    breaks: "ticket-only",
  },
  {
    name: "ends nothing for a closed ticket",
    edits: [
      {
        file: CLOSED,
        from: 'answer.is.status !== "done" ||',
        to: 'answer.is.status !== "" ||',
      },
    ],
    seed: 180,
    breaks: "ticket-ends",
  },
  {
    name: "ends access for a ticket that is not closed",
    edits: [
      {
        file: CLOSED,
        from: 'answer.is.status !== "done" ||',
        to: 'answer.is.status === "open" ||',
      },
    ],
    seed: 4,
    breaks: "ticket-only",
  },
  {
    name: "sends nobody to converge for a closed ticket, at once or in turn",
    edits: [
      {
        file: "shared/usecases/facts/sweep-tickets.ts",
        from: "closed.map(({ request }) => end(ports, request, now))",
        to: "closed.slice(0, 0).map(({ request }) => end(ports, request, now))",
      },
      {
        file: "shared/usecases/converge/arm-retry.ts",
        from: "watched.size > 0 ? next : undefined",
        to: "undefined",
      },
      {
        file: "shared/usecases/converge/park-binding.ts",
        from: '({ state }) => state === "active") ? IN_TURN',
        to: '({ state }) => state === "ended") ? IN_TURN',
      },
    ],
    seed: 50,
    breaks: "ticket-ends",
  },
];
