import type { Ticket } from "../../domain/facts/ticket-look.ts";
import { idAtTracker, trackerNamed } from "../../domain/facts/tracker.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { mayApprove } from "../../domain/policy/approval.ts";
import { type AccessPolicy, hasRole, type Member } from "../../domain/policy/policy.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { whyUnknown } from "../../domain/policy/ticket-objections.ts";
import { knownTicket, ticketKeyOf } from "../../domain/policy/ticket-of-request.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { readTickets } from "../facts/read-tickets.ts";

/** A request's ticket as its tracker has it, as far as its reader may know. */
export interface TicketView {
  readonly is: "met" | "not-met" | "unknown";
  readonly detail: string;
  readonly readAt: string | null;
  readonly status?: string;
  readonly title?: string;
}

/**
 * The ticket of a request that has not begun, as its tracker has it; undefined for any other. Its title and
 * status are for those who may decide, and for the requester where the ticket is theirs: else a token that
 * sees more than they do would read tickets out to them.
 */
export async function ticketView(
  ports: Pick<FrontPorts, "policy" | "facts" | "clock">,
  { member }: Actor,
  request: AccessRequest,
): Promise<TicketView | undefined> {
  const { policy, clock } = ports;
  const rule = ruleOfRequest(policy, request);
  const key = ticketKeyOf(policy, rule, request);
  const isOpen = request.state === "pending" || request.state === "approved";
  if (key === undefined || !isOpen) return undefined;
  const readings = await readTickets(ports, [key]);
  const known = knownTicket(policy, rule, request, readings, clock.now());
  const answer = readings.get(key)?.answer;
  if (!known) return undefined;
  if (known.is === "unknown")
    return { is: "unknown", detail: `It is not known: ${whyUnknown(known.why)}.`, readAt: null };
  const ticket = answer && "is" in answer ? answer.is : undefined;
  const seen =
    ticket && mayKnow(policy, member, request, ticket)
      ? { status: ticket.status, title: ticket.title }
      : {};
  if (known.is === "not")
    return { is: "not-met", detail: `${known.why}.`, readAt: known.readAt, ...seen };
  return { is: "met", detail: "It is as the rule asks.", readAt: known.fact.readAt, ...seen };
}

function mayKnow(
  policy: AccessPolicy,
  member: Member,
  request: AccessRequest,
  { assignees, reporter }: Ticket,
): boolean {
  if (member.name !== request.requester)
    return (
      mayApprove(request.requirements, member) ||
      hasRole(policy, member, "admins") ||
      hasRole(policy, member, "auditors")
    );
  const terms = ruleOfRequest(policy, request)?.ticket;
  const tracker = terms && trackerNamed(policy, terms.in);
  const own = tracker && idAtTracker(tracker, member.outside);
  return own !== undefined && (assignees.includes(own) || reporter === own);
}
