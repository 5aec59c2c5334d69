import * as z from "zod/mini";
import { ACCESS_STATES } from "../../domain/entries/effective-access.ts";
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

const Stopping = {
  by: z.string(),
  at: Instant,
  liftedBy: z.array(z.string()),
  mayLift: z.boolean(),
};

const BlockSchema = z
  .discriminatedUnion("code", [
    z.strictObject({
      code: z.literal("suspended"),
      person: z.string(),
      principalArn: z.nullable(z.string()),
      reason: z.nullable(z.string()),
      ...Stopping,
    }),
    z.strictObject({ code: z.literal("drained"), reason: z.string(), ...Stopping }),
    z.strictObject({
      code: z.literal("outside-hours"),
      rule: z.string(),
      opensAt: InstantOrNull,
    }),
  ])
  .check(
    z.meta({
      description:
        "What keeps access from the person there. A suspension with a principal is that of another holder.",
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
  blocks: z.array(BlockSchema),
  waiting: z.array(WaitingSchema),
  grantsElsewhere: z.nullable(z.int()),
}) satisfies z.ZodMiniType<PersonAccessAnswer>;
