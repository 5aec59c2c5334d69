import type { TicketFact } from "../../domain/facts/ticket-fact.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { stopOfGrant } from "../../domain/stops/stopped-grant.ts";
import { STEPS_AT_ONCE } from "../../ports/request-store.ts";
import type { GrantChange } from "./binding-grants.ts";
import type { PartOf } from "./pass.ts";

/**
 * Ends the grants whose end people noted, those of stopped people, and those of closed tickets, as a revocation does: the removal follows in
 * this pass. One transaction at most comes before it. If the requests table does not take that, the steps come after the removal. So does each
 * step after the first transaction: records that others planted must not use up the run before its removal.
 */
export async function endEarly(
  pass: PartOf<"grants" | "ending" | "noted" | "tickets" | "now" | "run" | "binding", "policy">,
): Promise<void> {
  const { grants, now, binding, run } = pass;
  const steps = stepsOf(pass);
  try {
    await grants.stepTogether(steps.slice(0, STEPS_AT_ONCE));
    grants.postpone(steps.slice(STEPS_AT_ONCE), now);
  } catch (error) {
    run.log("end not stored before the removal", { binding, error: String(error) });
    grants.postpone(steps, now);
  }
}

function stepsOf({
  ports: { policy },
  grants,
  ending,
  noted,
  tickets,
  now,
}: PartOf<"grants" | "ending" | "noted" | "tickets" | "now", "policy">): readonly GrantChange[] {
  const endOf = (grant: AccessRequest) => {
    if (noted.has(grant.id)) return { outcome: END_NOTED, details: {} };
    const stop = ending && stopOfGrant(policy, ending, grant);
    const ticket = tickets.closed.get(grant.id);
    if (stop)
      return {
        outcome: { code: stop.code, detail: `${stop.detail} The grant was ended.` },
        details: { since: stop.at },
      };
    return ticket && { outcome: ticketClosed(ticket, grant), details: { ticket } };
  };
  return grants.open.flatMap((grant) => {
    const { id, state } = grant;
    const end = state === "approved" || state === "active" ? endOf(grant) : undefined;
    if (!end) return [];
    const { outcome, details } = end;
    return [[id, { type: "withdraw" as const, at: now, details, changes: { outcome } }]];
  });
}

const ticketClosed = ({ ticket }: TicketFact, { rule }: AccessRequest) => ({
  code: "ticket-closed",
  detail: `${ticket.slice(ticket.lastIndexOf("/") + 1)} was closed, and ${rule} lends until then. The grant was ended.`,
});

const END_NOTED = {
  code: "end-noted",
  detail:
    "Somebody who may end it wanted to. That could not be stored at once, so it was noted, and Timelatch ended the grant.",
} as const;
