/** The schemas of members of a request's answer. */
import * as z from "zod/mini";
import type { EndProof } from "../../domain/requests/end-proof.ts";
import { AccessBlocks } from "./access-block-schema.ts";
import { ActivitySchema } from "./activity-schema.ts";
import type { EscalatedFromAnswer } from "./escalated-from-answer.ts";
import { PersonAccessSchema } from "./person-access-schema.ts";
import { TicketAnswerSchema } from "./ticket-answer.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));

/** The additions of some operations to a request: `RequestBeside`. */
export const BESIDE = {
  remaining: z.exactOptional(PersonAccessSchema),
  undeliverable: z.exactOptional(
    z
      .array(
        z.strictObject({
          kind: Text,
          to: Text,
          medium: z.exactOptional(z.literal("email")),
          reason: Text,
          at: Instant,
          nextAt: z.exactOptional(Instant),
        }),
      )
      .check(
        z.meta({
          description:
            "Messages that could not be delivered, each with the reason, and when it is tried again by itself. Only where one request is read, and only where there are any.",
        }),
      ),
  ),
  blocks: z.exactOptional(
    AccessBlocks.check(
      z.meta({
        description:
          "What would keep its access from the requester if it was approved now. Only where a pending request of somebody else is read, and only where there is something.",
      }),
    ),
  ),
  ticketIs: z.exactOptional(TicketAnswerSchema),
  activity: z.exactOptional(ActivitySchema),
};

/** The members of a request that say what its requester is, and by which program they asked. */
export const ASKER = {
  machine: z.exactOptional(
    z
      .literal(true)
      .check(z.meta({ description: "The requester is a machine. Absent for a person." })),
  ),
  owners: z.exactOptional(z.array(z.string())),
  via: z.exactOptional(
    z
      .strictObject({ protocol: z.literal("mcp"), client: z.string() })
      .check(
        z.meta({ description: "The program that asked for the requester, as it calls itself." }),
      ),
  ),
  askedWith: z.exactOptional(
    z
      .array(z.string())
      .check(
        z.meta({ description: "The other requests that were asked for at once with it, by id." }),
      ),
  ),
};

/** The schema of a request's terms before it became break-glass. */
export const EscalatedFromSchema = z
  .strictObject({
    rule: z.string(),
    duration: z.string(),
    durationSeconds: z.int(),
    startsAt: z.nullable(z.string().check(z.meta({ format: "date-time" }))),
    digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  })
  .check(
    z.meta({ description: "Its terms before it became break-glass. Only where it did." }),
  ) satisfies z.ZodMiniType<EscalatedFromAnswer>;

/** The proof of a grant's end, in an answer. */
export const EndProofSchema = z
  .strictObject({
    hadBegun: z.boolean(),
    readAt: z.nullable(z.string().check(z.meta({ format: "date-time" }))),
    stayed: z.array(z.string()),
    stayedBy: z.array(z.string()),
  })
  .check(
    z.meta({
      description:
        "Only of a grant that has ended: whether any of its access may have been there, when the read began that proves the end, what of it something else gives (`cluster`, `ns/NAME`, `group/NAME`), and which grants or standing access.",
    }),
  ) satisfies z.ZodMiniType<EndProof>;
