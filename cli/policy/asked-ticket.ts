/** The ticket of `policy explain`, and what its tracker is taken to say of it. */
import {
  NO_TICKETS,
  TICKET_STATUSES,
  type TicketWorld,
} from "../../shared/policy-file/policy-tests/ticket-file.ts";

interface AskedTicket {
  readonly ticket?: string;
  /** Absent where only the ticket is named: its tracker would be asked. */
  readonly world?: TicketWorld;
}

/**
 * Reads `PAY-123`, `PAY-123=open:alice` with its assignee, and `PAY-123=open:alice:bob` with whoever made it.
 *
 * @returns a sentence where it has another form
 */
export function askedTicket(text: string | undefined): AskedTicket | string {
  if (text === undefined) return {};
  const at = text.indexOf("=");
  if (at < 0) return { ticket: text };
  const ticket = text.slice(0, at);
  const [said = "", assignee, reporter, ...more] = text.slice(at + 1).split(":");
  const nothing = NO_TICKETS.find((each) => each === said);
  if (nothing && assignee === undefined) return { ticket, world: nothing };
  const status = TICKET_STATUSES.find((each) => each === said);
  if (!status || more.length > 0)
    return `Write what its tracker says as ${[...TICKET_STATUSES, ...NO_TICKETS].join(", ")}; then whose it is, and who made it: PAY-123=open:alice:bob.`;
  return {
    ticket,
    world: {
      status,
      ...(assignee ? { assignee } : {}),
      ...(reporter ? { reporter } : {}),
    },
  };
}
