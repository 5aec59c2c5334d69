import type { TicketLook } from "../domain/facts/ticket-look.ts";
import type { Tracker } from "../domain/facts/tracker.ts";

/** The trackers of tickets. */
export interface TicketSource {
  /**
   * Asks a tracker about a ticket. Never fails because of a service: what it does not tell is unknown,
   * and `detail` has more for an operator.
   *
   * @param now ISO 8601 UTC
   */
  look(
    tracker: Tracker,
    key: string,
    now: string,
  ): Promise<TicketLook & { readonly detail?: string }>;
}
