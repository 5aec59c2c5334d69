/** Grants whose rule ends them with their ticket. Pure. */
import { isFresh, type TicketFact } from "../facts/ticket-fact.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { AccessPolicy } from "./policy.ts";
import { ruleOfRequest } from "./rule-of-request.ts";
import { type TicketReadings, ticketKeyOf } from "./ticket-of-request.ts";

/**
 * The fact that a grant's ticket is closed, where its rule ends it then; undefined for anything else. A
 * ticket that is unknown, missing or moved ends nothing.
 */
export function closedNow(
  policy: AccessPolicy,
  grant: Pick<AccessRequest, "state" | "ticket" | "approvedAt"> &
    Parameters<typeof ruleOfRequest>[1],
  readings: TicketReadings,
  now: string,
): TicketFact | undefined {
  if (grant.state !== "approved" && grant.state !== "active") return undefined;
  const rule = ruleOfRequest(policy, grant);
  const key = rule?.endsWithTicket ? ticketKeyOf(policy, rule, grant) : undefined;
  const answer = key === undefined ? undefined : readings.get(key)?.answer;
  if (!rule?.ticket || key === undefined || !answer || !("is" in answer)) return undefined;
  // An older answer may be of before somebody opened it, and approved this.
  const isLater = grant.approvedAt !== null && answer.readAt >= grant.approvedAt;
  if (answer.is.status !== "done" || !isFresh(answer, now) || !isLater) return undefined;
  return { in: rule.ticket.in, ticket: key, status: answer.is.status, readAt: answer.readAt };
}
