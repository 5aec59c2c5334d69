import * as z from "zod/mini";
import { FINDING_CODES } from "../../domain/evidence/findings/finding-record.ts";
import type { FindingAnswer, FindingList } from "./answers.ts";
import { LeftOut } from "./left-out-schema.ts";
import { Next } from "./next-schema.ts";

const Text = z.string();
const Texts = z.array(Text);
const Instant = Text.check(z.meta({ format: "date-time" }));

/** The members of every finding. */
const common = {
  findingId: Text.check(z.regex(/^[0-9a-f]{32}$/)),
  chain: Text,
  recordedAt: Instant,
  requestIds: Texts,
  state: z.enum(["open", "acknowledged"]),
  acknowledgements: z.array(z.strictObject({ actor: Text, note: Text, at: Instant })),
};

const EVENT_CODES = FINDING_CODES.filter((code) => code !== "missing-event");

/** CloudTrail's event is left open: `TrailEvent` has its members. */
export type LooseFinding = LooseEvent | Extract<FindingAnswer, { readonly code: "missing-event" }>;
type EventAnswer = Exclude<FindingAnswer, { readonly code: "missing-event" }>;
type LooseEvent = Omit<EventAnswer, "event" | "differs"> & {
  readonly event: Readonly<Record<string, unknown>>;
  readonly differs: readonly string[];
};

export const FindingSchema = z.discriminatedUnion("code", [
  z.strictObject({
    ...common,
    code: z.enum(EVENT_CODES),
    eventKey: Text,
    event: z.record(Text, z.unknown()),
    target: z.nullable(Text),
    before: z.nullable(Texts),
    after: z.nullable(Texts),
    differs: Texts,
    taken: z.exactOptional(
      z.strictObject({
        eksRequestId: z.nullable(Text),
        sessionName: z.nullable(Text),
        at: Instant,
        requestIds: Texts,
      }),
    ),
  }),
  z.strictObject({
    ...common,
    code: z.literal("missing-event"),
    eksRequestId: Text,
    principalArn: Text,
    calledAt: Instant,
  }),
]) satisfies z.ZodMiniType<LooseFinding>;

export const FindingListSchema = z.strictObject({
  findings: z.array(FindingSchema),
  to: z.exactOptional(
    Text.check(
      z.meta({ description: "Where view is all: the list is complete up to this instant." }),
    ),
  ),
  leftOut: z.exactOptional(LeftOut),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<
  Omit<FindingList, "findings"> & { readonly findings: readonly LooseFinding[] }
>;
