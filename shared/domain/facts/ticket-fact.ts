/** Whether a ticket is what a rule asks: met, not met, or unknown. Only *met* lends anything. Pure. */
import { plusSeconds, secondsBetween } from "../values/instant.ts";
import type { OutsideIds } from "./on-call-schedule.ts";
import type { UnknownWhy } from "./schedule-reading.ts";
import type { Ticket, TicketStatus } from "./ticket-look.ts";
import type { TicketAnswer, TicketReading } from "./ticket-reading.ts";
import { idAtTracker, type TicketTerms, type Tracker, ticketKey } from "./tracker.ts";

/** How long an answer about a ticket counts. */
export const TICKET_COUNTS_SECONDS = 900;

/** How far the clock of whoever read may be ahead of ours. */
export const CLOCKS_DIFFER_SECONDS = 60;

/** How much older than a request an answer may be: a look is not repeated at once. */
const READ_BEFORE_SECONDS = 30;

/** How long a first look is waited for, before the ticket is unknown for whoever may decide without it. */
const FIRST_LOOK_SECONDS = 60;

/** The fact that a step leans on: what a tracker said of a ticket. Stored with the step. */
export interface TicketFact {
  /** The tracker's name in `access.yaml`. */
  readonly in: string;
  /** See `ticketKey`. */
  readonly ticket: string;
  readonly status: TicketStatus;
  /** The tracker's own id of the requester, where it is assigned to them. */
  readonly assignee?: string;
  /** The tracker's own id of whoever made it. */
  readonly reporter?: string;
  readonly readAt: string;
}

/** The record that an approver decided while the ticket was unknown. */
export interface UnknownTicket {
  readonly in: string;
  readonly ticket: string;
  readonly unknown: NotKnown;
}

/** Why it is not known. `old`: nobody looked in time. */
export type NotKnown = UnknownWhy | "old" | "never-read";

/** Why a ticket is not what a rule asks. */
export type TicketNo = "ticket-closed" | "ticket-not-yours" | "ticket-not-found";

/** A judgement about one ticket, for one person and one rule. */
export type TicketIs =
  | { readonly is: "met"; readonly fact: TicketFact }
  | { readonly is: "not"; readonly code: TicketNo; readonly why: string; readonly readAt: string }
  | {
      readonly is: "unknown";
      readonly why: NotKnown;
      /** Since when it is not known; null where it never was. */
      readonly since: string | null;
      /** Whether somebody looked, or had the time to: then an approver may decide without it. */
      readonly isAsked: boolean;
    };

/** The request that a ticket is judged for. */
export interface TicketAsk {
  readonly tracker: Tracker;
  readonly terms: TicketTerms;
  readonly ticket: string;
  readonly ids: OutsideIds | undefined;
  readonly createdAt: string;
}

/**
 * Whether a ticket is what a rule asks at `now`, by a reading that is not much older than the request.
 *
 * @param reading undefined where nothing was stored
 */
export function ticketNow(
  ask: TicketAsk,
  reading: TicketReading | undefined,
  now: string,
): TicketIs {
  const { tracker, ticket, createdAt } = ask;
  const key = ticketKey(tracker, ticket);
  const answer = reading?.ticket === key ? reading.answer : undefined;
  const isAsked =
    (reading !== undefined && isOfRequest(reading.lookedAt, createdAt)) ||
    secondsBetween(createdAt, now) >= FIRST_LOOK_SECONDS;
  if (answer && isOfRequest(answer.readAt, createdAt) && isFresh(answer, now))
    return judged(ask, key, answer);
  const failing = reading?.ticket === key ? reading.failing : undefined;
  const last = answer && plusSeconds(answer.readAt, TICKET_COUNTS_SECONDS);
  const why = failing?.why ?? (answer ? "old" : "never-read");
  return { is: "unknown", why, since: failing?.since ?? last ?? null, isAsked };
}

const isOfRequest = (readAt: string, createdAt: string): boolean =>
  secondsBetween(createdAt, readAt) >= -READ_BEFORE_SECONDS;

/** Whether an answer counts at `now`. One of the future is of a clock that was wrong. */
export function isFresh({ readAt }: Pick<TicketAnswer, "readAt">, now: string): boolean {
  const age = secondsBetween(readAt, now);
  return age >= -CLOCKS_DIFFER_SECONDS && age < TICKET_COUNTS_SECONDS;
}

function judged(ask: TicketAsk, ticket: string, answer: TicketAnswer): TicketIs {
  const no = (code: TicketNo, why: string): TicketIs => ({
    is: "not",
    code,
    why,
    readAt: answer.readAt,
  });
  // Missing, hidden and moved are one text: else it would tell what the token may see.
  if (!("is" in answer))
    return no("ticket-not-found", `${ask.ticket} is not there, or is not to be seen`);
  const { is } = answer;
  const other = othersObjection(ask, is);
  // A status is told to nobody who has no part in the ticket.
  if (other !== undefined) return no("ticket-not-yours", other);
  if (!ask.terms.status.some((each) => each === is.status))
    return no("ticket-closed", `${ask.ticket} is not ${ask.terms.status.join(" or ")}`);
  return { is: "met", fact: factOf(ask, ticket, is, answer.readAt) };
}

/** Why a ticket is not the requester's, or is their own making, where the rule asks. */
function othersObjection(
  { tracker, terms, ticket, ids, createdAt }: TicketAsk,
  { assignees, reporter, createdAt: madeAt }: Ticket,
): string | undefined {
  const own = idAtTracker(tracker, ids);
  if (terms.assignee && (own === undefined || !assignees.includes(own)))
    return `${ticket} is not assigned to whoever asks`;
  if (!terms.reporter) return undefined;
  const isOthers = own !== undefined && reporter !== undefined && reporter !== own;
  const isBefore = madeAt !== undefined && madeAt < createdAt;
  return isOthers && isBefore
    ? undefined
    : `${ticket} was not made by somebody else before the request`;
}

function factOf(
  { tracker, terms, ids }: TicketAsk,
  ticket: string,
  { status, assignees, reporter }: Ticket,
  readAt: string,
): TicketFact {
  const own = idAtTracker(tracker, ids);
  return {
    in: terms.in,
    ticket,
    status,
    ...(own !== undefined && assignees.includes(own) ? { assignee: own } : {}),
    ...(terms.reporter && reporter !== undefined ? { reporter } : {}),
    readAt,
  };
}
