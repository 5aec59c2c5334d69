/** Tickets, as clients read them. */
import * as z from "zod/mini";
import { OPEN_STATUSES, type TicketTerms } from "../../domain/facts/tracker.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));

export const TicketTermsSchema = z
  .strictObject({
    in: Text,
    status: z.array(z.enum(OPEN_STATUSES)),
    assignee: z.exactOptional(z.literal("requester")),
    reporter: z.exactOptional(z.literal("other")),
    ifUnknown: z.exactOptional(z.literal("ask")),
  })
  .check(
    z.meta({
      description: "What the rule asks of the one ticket of a request, and of which tracker.",
    }),
  ) as unknown as z.ZodMiniType<TicketTerms>;

/** A request's ticket as its tracker has it, as far as its reader may know. */
export interface TicketAnswer {
  readonly is: "met" | "not-met" | "unknown";
  /** A sentence. */
  readonly detail: string;
  /** When the tracker was asked. Null where it never was. ISO 8601 UTC. */
  readonly readAt: string | null;
  /** Only for those who may decide, and for the requester where it is theirs. */
  readonly status?: string;
  /** The same. Written by people elsewhere. */
  readonly title?: string;
}

export const TicketAnswerSchema = z
  .strictObject({
    is: z.enum(["met", "not-met", "unknown"]),
    detail: Text,
    readAt: z.nullable(Instant),
    status: z.exactOptional(Text),
    title: z.exactOptional(Text),
  })
  .check(
    z.meta({
      description:
        "What its tracker says of the ticket: only where one request is read that has not begun. Title and status are for those who may decide, and for the requester of their own ticket.",
    }),
  ) satisfies z.ZodMiniType<TicketAnswer>;
