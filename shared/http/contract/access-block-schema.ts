import * as z from "zod/mini";
import type { AccessBlock } from "../../domain/entries/access-blocks.ts";

const Instant = z.string().check(z.meta({ format: "date-time" }));

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
      opensAt: z.nullable(Instant),
    }),
  ])
  .check(
    z.meta({
      description:
        "What keeps access from the person there. A suspension with a principal is that of another holder.",
    }),
  ) satisfies z.ZodMiniType<AccessBlock>;

export const AccessBlocks = z.array(BlockSchema);
