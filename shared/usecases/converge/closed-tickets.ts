import type { TicketFact } from "../../domain/facts/ticket-fact.ts";
import { closedNow } from "../../domain/policy/closed-ticket.ts";
import { ruleOfRequest } from "../../domain/policy/rule-of-request.ts";
import { ticketKeyOf } from "../../domain/policy/ticket-of-request.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { readTickets } from "../facts/read-tickets.ts";
import type { ConvergeRun } from "./converge-run.ts";

/** By the ids of grants, the facts that their tickets are closed. */
export type ClosedTickets = ReadonlyMap<string, TicketFact>;

/**
 * The grants that end since their ticket is closed. Nothing is read where no rule ends its grants so. Where
 * the facts cannot be read, none ends for a ticket, and everything else goes on.
 */
export async function closedTickets(
  ports: Pick<ConvergePorts, "facts" | "policy">,
  { log }: Pick<ConvergeRun, "log">,
  { grants }: Pick<BindingView, "grants">,
  now: string,
): Promise<ClosedTickets> {
  const { policy } = ports;
  const ending = grants.filter((grant) => ruleOfRequest(policy, grant)?.endsWithTicket);
  const keys = ending.flatMap(
    (grant) => ticketKeyOf(policy, ruleOfRequest(policy, grant), grant) ?? [],
  );
  if (keys.length === 0) return new Map();
  try {
    const readings = await readTickets(ports, keys);
    return new Map(
      ending.flatMap((grant) => {
        const fact = closedNow(policy, grant, readings, now);
        return fact ? [[grant.id, fact] as const] : [];
      }),
    );
  } catch (error) {
    log("tickets not read", { error: error instanceof Error ? error.name : "" });
    return new Map();
  }
}
