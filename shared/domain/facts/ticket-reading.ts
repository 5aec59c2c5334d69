/** Readings of a ticket: the last answer that was whole, and what failed since. Pure. */
import { listOf, matching, oneOf, optional, withFields } from "../values/forms.ts";
import { isInstant } from "../values/instant.ts";
import { UNKNOWN_WHYS, type UnknownWhy } from "./schedule-reading.ts";
import type { NoTicket, Ticket, TicketLook } from "./ticket-look.ts";

/** The reading that is stored of one ticket. */
export interface TicketReading {
  /** See `ticketKey`. */
  readonly ticket: string;
  /** When the last look began. ISO 8601 UTC, by our own clock. */
  readonly lookedAt: string;
  /** The last whole answer. Absent before the first one, and where a later look showed that it counts no longer. */
  readonly answer?: TicketAnswer;
  /** The looks that failed since the last whole answer. Absent after a whole answer. */
  readonly failing?: { readonly since: string; readonly why: UnknownWhy };
}

/** A whole answer, and when the look began. */
export type TicketAnswer = { readonly readAt: string } & (
  | { readonly is: Ticket }
  | { readonly missing: NoTicket }
);

/** Failures that say nothing about the ticket: the last answer counts until it is too old. */
const PASSING: ReadonlySet<UnknownWhy> = new Set(["unreachable", "busy", "failing"]);

/**
 * The reading after one more look. A look that failed for a moment keeps the last answer, which
 * grows old. After any other failure there is no answer.
 *
 * @param at when the look began, ISO 8601 UTC
 */
export function afterTicketLook(
  ticket: string,
  before: TicketReading | undefined,
  look: TicketLook,
  at: string,
): TicketReading {
  if ("ticket" in look) return { ticket, lookedAt: at, answer: { readAt: at, is: look.ticket } };
  if ("missing" in look)
    return { ticket, lookedAt: at, answer: { readAt: at, missing: look.missing } };
  const why = look.unknown;
  const answer = PASSING.has(why) ? before?.answer : undefined;
  return {
    ticket,
    lookedAt: at,
    ...(answer ? { answer } : {}),
    failing: { since: before?.failing?.since ?? at, why },
  };
}

/** The trackers' own ids are ASCII. A ledger keeps one, and has room for as many bytes. */
const isId = matching(/^[A-Za-z0-9:_-]{1,128}$/);
const isTicket = withFields({
  key: matching(/^.{1,40}$/su),
  status: matching(/^(?:open|in-progress|done|neither)$/),
  title: matching(/^.{0,200}$/su),
  assignees: listOf(isId),
  reporter: optional(isId),
  createdAt: optional(isInstant),
});
const HAS_FORM = withFields({
  lookedAt: isInstant,
  answer: optional(
    oneOf(
      withFields({ readAt: isInstant, is: isTicket }),
      withFields({ readAt: isInstant, missing: matching(/^(?:not-found|moved|no-ticket)$/) }),
    ),
  ),
  failing: optional(
    withFields({ since: isInstant, why: (value) => UNKNOWN_WHYS.includes(value as UnknownWhy) }),
  ),
});

/** The reading of a ticket that an item holds, as `readingIn` has that of a schedule. */
export const ticketReadingIn = (ticket: string, found: unknown): TicketReading | undefined =>
  HAS_FORM(found) && (found as TicketReading).ticket === ticket
    ? (found as TicketReading)
    : undefined;
