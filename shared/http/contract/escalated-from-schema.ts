/** The schema of a request's terms before it became break-glass. */
import * as z from "zod/mini";
import type { EscalatedFromAnswer } from "./escalated-from-answer.ts";

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
