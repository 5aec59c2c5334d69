import * as z from "zod/mini";
import type { EndProof } from "../../domain/requests/end-proof.ts";

/** The proof of a grant's end, in an answer. */
export const EndProofSchema = z
  .strictObject({
    hadBegun: z.boolean(),
    readAt: z.nullable(z.string().check(z.meta({ format: "date-time" }))),
    stayed: z.array(z.string()),
    stayedBy: z.array(z.string()),
  })
  .check(
    z.meta({
      description:
        "Only of a grant that has ended: whether any of its access may have been there, when the read began that proves the end, what of it something else gives (`cluster`, `ns/NAME`, `group/NAME`), and which grants or standing access.",
    }),
  ) satisfies z.ZodMiniType<EndProof>;
