/** The refusals of an approval by what other services say. The request stays, until it lapses. */
import type { Objection } from "../../domain/policy/objections.ts";
import { BrokerError } from "../../domain/values/errors.ts";

/** Whether an objection is about who is on call. */
export const isAboutCall = ({ code }: Objection) =>
  code === "not-on-call" || code === "on-call-unknown";

const OF_TICKET: ReadonlySet<string> = new Set([
  ...["ticket-closed", "ticket-not-yours", "ticket-not-found", "ticket-unknown"],
]);

/** Whether an objection is about a ticket. */
export const isAboutTicket = ({ code }: Objection) => OF_TICKET.has(code);

/** The policy still allows it, for a ticket that is as its rule asks. */
export function ticketRefused(objections: readonly Objection[]): BrokerError {
  const why = objections.map(({ detail }) => detail).join(" ");
  if (objections.every(({ code }) => code === "ticket-unknown"))
    return new BrokerError(
      "ticket-unknown",
      `${why} Nothing was changed; its tracker is asked again: approve it in a minute, or deny it.`,
    );
  return new BrokerError(
    "ticket-refused",
    `${why} Nothing was changed; deny it, or have the requester ask for another ticket.`,
    { reason: objections.find(({ code }) => code !== "ticket-unknown")?.code },
  );
}

/** The policy still allows it, to whoever is on call: so the request stays, until it lapses. */
export function notOnCall(objections: readonly Objection[]): BrokerError {
  const why = objections.map(({ detail }) => detail).join(" ");
  if (objections.some(({ code }) => code === "on-call-unknown"))
    return new BrokerError(
      "on-call-unknown",
      `${why} Nothing was changed; approve it once that is known, or deny it.`,
    );
  return new BrokerError(
    "not-on-call",
    `${why} Nothing was changed; approve it once they are on call again, or deny it.`,
  );
}
