import type { Ledger } from "../../domain/entries/ledger.ts";
import type { TicketFact } from "../../domain/facts/ticket-fact.ts";
import { closedNow, endingTicket } from "../../domain/policy/closed-ticket.ts";
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
  { ledger: { begun }, now }: { readonly ledger: Ledger; readonly now: string },
): Promise<ClosedTickets> {
  const ending = grants.flatMap((grant) => {
    const own = Object.hasOwn(begun, grant.id) ? begun[grant.id] : undefined;
    const ticket = endingTicket(ports.policy, grant, own);
    return ticket ? [[grant.id, ticket] as const] : [];
  });
  if (ending.length === 0) return new Map();
  try {
    const readings = await readTickets(
      ports,
      ending.map(([, { ticket }]) => ticket),
    );
    return new Map(
      ending.flatMap(([id, ticket]) => {
        const fact = closedNow(ticket, readings, now);
        return fact ? [[id, fact] as const] : [];
      }),
    );
  } catch (error) {
    log("tickets not read", { error: error instanceof Error ? error.name : "" });
    return new Map();
  }
}
