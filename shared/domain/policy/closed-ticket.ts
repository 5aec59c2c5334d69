/** Grants whose rule ends them with their ticket. Pure. */
import type { Begun } from "../entries/ledger.ts";
import { isFresh, type TicketFact } from "../facts/ticket-fact.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { AccessPolicy } from "./policy.ts";
import { ruleOfRequest } from "./rule-of-request.ts";
import { type TicketReadings, ticketKeyOf } from "./ticket-of-request.ts";

/** The ticket that a grant ends with. */
export interface EndingTicket extends Pick<TicketFact, "in" | "ticket"> {
  /** An older answer may be of before somebody opened it, and approved this. ISO 8601 UTC. */
  readonly since: string;
}

type Grant = Pick<AccessRequest, "state" | "ticket" | "approvedAt"> &
  Parameters<typeof ruleOfRequest>[1];

/**
 * The ticket that a grant ends with; undefined where its rule ends it with no ticket, or it is not approved.
 *
 * @param begun what the ledger has of it. Then the record's word counts for nothing, as others can write it.
 */
export function endingTicket(
  policy: AccessPolicy,
  grant: Grant,
  begun?: Pick<Begun, "ticket" | "chain">,
): EndingTicket | undefined {
  const rule = ruleOfRequest(policy, grant);
  if (!rule?.endsWithTicket || (grant.state !== "approved" && grant.state !== "active"))
    return undefined;
  if (begun) return inLedger(begun);
  const ticket = ticketKeyOf(policy, rule, grant);
  if (!rule.ticket || ticket === undefined || grant.approvedAt === null) return undefined;
  return { in: rule.ticket.in, ticket, since: grant.approvedAt };
}

/** The fact that it leaned on says that the ticket was open. Where that was not known, it counts from the start of its chain. */
function inLedger({
  ticket: fact,
  chain,
}: Pick<Begun, "ticket" | "chain">): EndingTicket | undefined {
  const since = fact && "readAt" in fact ? fact.readAt : chain?.since;
  return fact && since !== undefined ? { in: fact.in, ticket: fact.ticket, since } : undefined;
}

/**
 * The fact that a ticket is closed, by an answer that counts; undefined for anything else. One that is
 * unknown, missing or moved ends nothing.
 */
export function closedNow(
  { in: tracker, ticket, since }: EndingTicket,
  readings: TicketReadings,
  now: string,
): TicketFact | undefined {
  const answer = readings.get(ticket)?.answer;
  if (!answer || !("is" in answer)) return undefined;
  const isLater = answer.readAt >= since;
  if (answer.is.status !== "done" || !isFresh(answer, now) || !isLater) return undefined;
  return { in: tracker, ticket, status: answer.is.status, readAt: answer.readAt };
}
