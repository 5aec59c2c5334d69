import * as z from "zod/mini";
import type { StoppedAnswer } from "./stopped-answer.ts";
import type { StopsAnswer } from "./stops-answer.ts";

const StopSchema = {
  by: z.string(),
  at: z.string().check(z.meta({ format: "date-time" })),
  reason: z.string(),
  liftedBy: z.array(z.string()),
};

/** `StoppedAnswer` */
export const StoppedSchema = z.strictObject({
  code: z.enum(["suspended", "drained"]),
  detail: z.string(),
  liftedBy: z.array(z.string()),
  mayLift: z.boolean(),
}) satisfies z.ZodMiniType<StoppedAnswer>;

export const StopsSchema = z.strictObject({
  suspended: z.array(z.strictObject({ person: z.string(), ...StopSchema })),
  drain: z.nullable(z.strictObject(StopSchema)),
  remaining: z.exactOptional(
    z.strictObject({ grants: z.int().check(z.minimum(0)), people: z.int().check(z.minimum(0)) }),
  ),
}) satisfies z.ZodMiniType<StopsAnswer>;
