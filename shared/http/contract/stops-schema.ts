import * as z from "zod/mini";
import type { StopsAnswer } from "./stops-answer.ts";

const StopSchema = {
  by: z.string(),
  at: z.string().check(z.meta({ format: "date-time" })),
  reason: z.string(),
  liftedBy: z.array(z.string()),
};

export const StopsSchema = z.strictObject({
  suspended: z.array(z.strictObject({ person: z.string(), ...StopSchema })),
  drain: z.nullable(z.strictObject(StopSchema)),
}) satisfies z.ZodMiniType<StopsAnswer>;
