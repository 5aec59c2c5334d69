import * as z from "zod/mini";
import { AccessBlocks } from "./access-block-schema.ts";
import { PersonAccessSchema } from "./person-access-schema.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));

/** `RequestBeside` */
export const BESIDE = {
  remaining: z.exactOptional(PersonAccessSchema),
  undeliverable: z.exactOptional(
    z
      .array(
        z.strictObject({
          kind: Text,
          to: Text,
          medium: z.exactOptional(z.literal("email")),
          reason: Text,
          at: Instant,
          nextAt: z.exactOptional(Instant),
        }),
      )
      .check(
        z.meta({
          description:
            "Messages that could not be delivered, each with the reason, and when it is tried again by itself. Only where one request is read, and only where there are any.",
        }),
      ),
  ),
  blocks: z.exactOptional(
    AccessBlocks.check(
      z.meta({
        description:
          "What would keep its access from the requester if it was approved now. Only where a pending request of somebody else is read, and only where there is something.",
      }),
    ),
  ),
};
