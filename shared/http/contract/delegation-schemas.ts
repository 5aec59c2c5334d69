import * as z from "zod/mini";
import { DELEGATION_STATES } from "../../domain/delegations/delegation.ts";
import type { DelegationAnswer, DelegationList } from "./delegation-answer.ts";
import { Next } from "./next-schema.ts";

const Text = z.string();
const Instant = Text.check(z.meta({ format: "date-time" }));

const DelegationSchema = z.strictObject({
  id: Text,
  by: Text.check(z.meta({ description: "Who lets somebody approve for them." })),
  to: Text.check(z.meta({ description: "Who may approve for them." })),
  from: Instant,
  until: Instant,
  createdAt: Instant,
  ended: z.nullable(z.strictObject({ person: Text, at: Instant })),
  state: z.enum(DELEGATION_STATES),
}) satisfies z.ZodMiniType<DelegationAnswer>;

const DelegationListSchema = z.strictObject({
  delegations: z.array(DelegationSchema),
  next: z.exactOptional(Next),
}) satisfies z.ZodMiniType<DelegationList>;

/** By their names in the description. */
export const DELEGATION_SCHEMAS = {
  Delegation: DelegationSchema,
  DelegationList: DelegationListSchema,
};
