/** The body of a suspension and of a drain. Strict: an unknown member is an error. */
import * as z from "zod/mini";
import { reasonText } from "./request-body.ts";

/** `POST /v1/people/{name}/suspend`, `POST /v1/drain` */
export const stopBody = () =>
  z.strictObject({
    reason: reasonText().check(
      z.refine((text) => text.trim() !== "", "Say why."),
      z.meta({ description: "Why. It is kept for ever, and shown to whoever is stopped." }),
    ),
    evenIfNobodyCanLift: z.optional(
      z
        .boolean()
        .check(z.meta({ description: "Stops although no admin would be left who may lift it." })),
    ),
  });

export type StopBody = z.infer<ReturnType<typeof stopBody>>;
