/** The schemas of lists of audit events. */
import * as z from "zod/mini";
import { type AuditEvent, EVENT_TYPES } from "../../domain/requests/audit-event.ts";
import { STATES } from "../../domain/requests/request.ts";
import type { AuditEventList, EventList } from "./answers.ts";
import { LeftOut } from "./left-out-schema.ts";
import { Next } from "./next-schema.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));
const Digest = Text.check(z.regex(/^[0-9a-f]{64}$/));

/** An event's details depend on its type, so the description leaves them open. */
type Loosely<List extends EventList> = Omit<List, "events"> & {
  readonly events: readonly LooseEvent[];
};
type LooseEvent = Omit<AuditEvent, "details"> & { readonly details: LooseDetails };
type LooseDetails = Readonly<Record<string, unknown>>;

const Events = z.array(
  z.strictObject({
    schema: z.literal(1),
    requestId: Text,
    seq: z.int(),
    type: z.enum(EVENT_TYPES),
    from: z.nullable(z.enum(STATES)),
    to: z.enum(STATES),
    actor: Text,
    at: Instant,
    policyHash: Digest,
    details: z.record(Text, z.unknown()),
    previousHash: Digest,
    hash: Digest,
  }),
);

export const EventListSchema = z.strictObject({
  events: Events,
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<Loosely<EventList>>;

export const AuditEventListSchema = z.strictObject({
  events: Events,
  to: Text,
  leftOut: z.exactOptional(LeftOut),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<Loosely<AuditEventList>>;
