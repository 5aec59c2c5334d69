import * as z from "zod/mini";
import { ACCESS_STATES } from "../../domain/entries/effective-access.ts";
import { AccessBlocks } from "./access-block-schema.ts";
import { Needs } from "./approver-schemas.ts";
import type { PersonAccessAnswer } from "./person-access-answer.ts";

const Instant = z.string().check(z.meta({ format: "date-time" }));
const InstantOrNull = z.nullable(Instant);

const EffectiveAccessSchema = z
  .strictObject({
    cluster: z.string(),
    principalArn: z.string(),
    policy: z.nullable(z.string()),
    elements: z.array(z.string()),
    state: z.enum(ACCESS_STATES),
    by: z.nullable(z.string()),
    from: InstantOrNull,
    until: InstantOrNull,
    asOf: InstantOrNull,
  })
  .check(
    z.meta({
      description:
        "Access that one grant or standing access gives. Standing access is as of its reading, without what grants explained then.",
    }),
  );

const WaitingSchema = z.strictObject({
  id: z.string(),
  cluster: z.string(),
  policy: z.nullable(z.string()),
  elements: z.array(z.string()),
  extends: z.exactOptional(z.string()),
  since: Instant,
  lapsesAt: Instant,
  needs: Needs,
});

export const PersonAccessSchema = z.strictObject({
  person: z.string(),
  machine: z.exactOptional(z.literal(true)),
  at: Instant,
  cluster: z.nullable(z.string()),
  access: z.array(EffectiveAccessSchema),
  unread: z.array(
    z.strictObject({
      cluster: z.string(),
      principalArn: z.string(),
      why: z.enum(["never-read", "old", "cut"]),
      since: InstantOrNull,
    }),
  ),
  standingAsOf: InstantOrNull,
  blocks: AccessBlocks,
  waiting: z.array(WaitingSchema),
  grantsElsewhere: z.nullable(z.int()),
  lately: z.strictObject({ since: Instant, requests: z.int(), approved: z.int() }),
}) satisfies z.ZodMiniType<PersonAccessAnswer>;
