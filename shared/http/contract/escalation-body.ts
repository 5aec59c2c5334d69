/** The body of an escalation to break-glass. Strict: an unknown member is an error. */
import * as z from "zod/mini";

/** `POST /v1/requests/{id}/escalate` */
export const escalationBody = () =>
  z.strictObject({
    rule: z.optional(
      z.string().check(
        z.minLength(1),
        z.maxLength(64),
        z.meta({
          description: "The break-glass rule. Defaults to the first that lends the access.",
        }),
      ),
    ),
  });
