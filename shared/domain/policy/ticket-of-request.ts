/** The ticket that a request is for, and the knowledge by which a rule judges it. Pure. */
import {
  type TicketFact,
  type TicketIs,
  ticketNow,
  type UnknownTicket,
} from "../facts/ticket-fact.ts";
import type { TicketReading } from "../facts/ticket-reading.ts";
import { ticketKey, ticketNamed, ticketsIn, trackerNamed } from "../facts/tracker.ts";
import type { AccessRequest } from "../requests/request.ts";
import { type AccessPolicy, memberOf, type Rule } from "./policy.ts";

/** Readings by their keys, as they are stored. */
export type TicketReadings = ReadonlyMap<string, TicketReading>;

/**
 * The judgement about a request's ticket. `unasked`: it is asked about once the request is stored.
 * `met`: whatever the tracker says is taken for what the rule asks, as a proof takes it.
 */
export type KnownTicket = "unasked" | "met" | TicketIs;

/** The ticket of an ask under a rule: the named one, else the only one of the tracker in the reason. */
export type TicketFound =
  | { readonly ticket: string }
  | { readonly none: "missing" | "several" | "other" };

/** Undefined where the rule asks no tracker. @param named null where the ask names no ticket */
export function ticketFor(
  policy: AccessPolicy,
  { ticket: terms }: Pick<Rule, "ticket">,
  {
    ticket: named,
    reason,
  }: { readonly ticket?: string | null | undefined; readonly reason: string | null },
): TicketFound | undefined {
  const tracker = terms && trackerNamed(policy, terms.in);
  if (!terms) return undefined;
  if (!tracker) return { none: "other" };
  if (named !== undefined && named !== null) {
    const ticket = ticketNamed(tracker, named);
    return ticket === undefined ? { none: "other" } : { ticket };
  }
  const [only, ...others] = ticketsIn(tracker, reason ?? "");
  if (only === undefined) return { none: "missing" };
  return others.length > 0 ? { none: "several" } : { ticket: only };
}

/** The key by which readings of a request's ticket are stored; undefined where its rule asks no tracker. */
export function ticketKeyOf(
  policy: AccessPolicy,
  rule: Pick<Rule, "ticket"> | undefined,
  { ticket }: Pick<AccessRequest, "ticket">,
): string | undefined {
  const tracker = rule?.ticket && trackerNamed(policy, rule.ticket.in);
  if (!tracker || ticket === undefined || ticketNamed(tracker, ticket) !== ticket) return undefined;
  return ticketKey(tracker, ticket);
}

/** The judgement about a request's ticket at `now`; undefined where its rule asks no tracker. */
export function knownTicket(
  policy: AccessPolicy,
  rule: Pick<Rule, "ticket"> | undefined,
  request: Pick<AccessRequest, "ticket" | "requester" | "createdAt">,
  readings: TicketReadings,
  now: string,
): TicketIs | undefined {
  const terms = rule?.ticket;
  const tracker = terms && trackerNamed(policy, terms.in);
  const key = ticketKeyOf(policy, rule, request);
  const { ticket, requester, createdAt } = request;
  if (!terms || !tracker || key === undefined || ticket === undefined) return undefined;
  const ids = memberOf(policy, requester)?.outside;
  return ticketNow({ tracker, terms, ticket, ids, createdAt }, readings.get(key), now);
}

/** The fact that a step leans on, or the record that it was not known; undefined for a rule that asks no tracker. */
export function ticketLeanOf(
  policy: AccessPolicy,
  rule: Rule,
  request: Pick<AccessRequest, "ticket">,
  known: KnownTicket | undefined,
): TicketFact | UnknownTicket | undefined {
  const ticket = ticketKeyOf(policy, rule, request);
  if (!rule.ticket || ticket === undefined || typeof known !== "object") return undefined;
  if (known.is === "met") return known.fact;
  return known.is === "unknown" ? { in: rule.ticket.in, ticket, unknown: known.why } : undefined;
}
