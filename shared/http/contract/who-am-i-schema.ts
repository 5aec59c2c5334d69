import * as z from "zod/mini";
import { StoppedSchema } from "./stops-schema.ts";
import type { WhoAmIAnswer } from "./who-am-i.ts";

export const WhoAmISchema = z.strictObject({
  person: z.string(),
  groups: z.array(z.string()),
  roles: z.array(z.enum(["admins", "auditors"])),
  identityArn: z.string(),
  machine: z.exactOptional(z.strictObject({ owners: z.array(z.string()) })),
  decidesFor: z.exactOptional(z.array(z.string())),
  suspendedDelegators: z.exactOptional(
    z.array(z.strictObject({ person: z.string(), detail: z.string() })),
  ),
  stopped: z.exactOptional(StoppedSchema),
}) satisfies z.ZodMiniType<WhoAmIAnswer>;
