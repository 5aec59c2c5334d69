/** A ticket of an expectation, as its tracker has it. */
import * as z from "zod/mini";
import { PersonName } from "../file-values.ts";
import { noted } from "../noted.ts";

/** The statuses of a ticket, as the page on tickets has them. */
export const TICKET_STATUSES = ["open", "in-progress", "closed", "neither"] as const;

/** The words for a ticket of which nothing more is known. */
export const NO_TICKETS = ["unknown", "missing"] as const;

const TicketOfFile = z.strictObject({
  status: noted("Its status.", z.enum(TICKET_STATUSES)),
  assignee: noted("Whose it is, by the name in the policy; else nobody's.", z.optional(PersonName)),
  reporter: noted(
    "Who made it, before the request, by the name in the policy; else that is not known.",
    z.optional(PersonName),
  ),
});

export const TicketFile = z.union([z.enum(NO_TICKETS), TicketOfFile]);

/** A ticket as its tracker has it. People are those of the policy, by name. */
export type TicketWorld = z.output<typeof TicketFile>;
