/** The result of one look at a ticket. Pure. */
import type { UnknownWhy } from "./schedule-reading.ts";

/**
 * A ticket's status, in one table for every tracker. `neither` opens nothing and ends nothing, such as
 * an incident that is resolved and may be opened again, or a change that is not approved yet.
 */
export type TicketStatus = "open" | "in-progress" | "done" | "neither";

/** A ticket as its tracker says it. Persons are the tracker's own ids. */
export interface Ticket {
  readonly key: string;
  readonly status: TicketStatus;
  /** Written by people outside: text, wherever it is shown. */
  readonly title: string;
  readonly assignees: readonly string[];
  readonly reporter?: string;
  /** ISO 8601 UTC. */
  readonly createdAt?: string;
}

/**
 * Why there is no ticket. A tracker tells a missing one and one that it hides apart as little as we do.
 *
 * - `not-found`: there is no such ticket, or the token may not see it
 * - `moved`: it has another key now, or is in another place
 * - `no-ticket`: something else is called so, such as a pull request
 */
export type NoTicket = "not-found" | "moved" | "no-ticket";

export type TicketLook =
  | { readonly ticket: Ticket }
  | { readonly missing: NoTicket }
  | { readonly unknown: UnknownWhy };
