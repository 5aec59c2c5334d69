/** Delegations, as clients read them. Instants are ISO 8601 UTC. */
import * as z from "zod/mini";
import {
  DELEGATION_STATES,
  type Delegation,
  type DelegationState,
} from "../../domain/delegations/delegation.ts";
import { countsUntil, delegationState } from "../../domain/policy/delegated.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { Next } from "./next-schema.ts";

export interface DelegationAnswer extends Delegation {
  /** When it is over; the policy may have made that earlier since. */
  readonly until: string;
  readonly state: DelegationState;
}

/** `GET /v1/delegations`: the first to be over comes first. */
export interface DelegationList {
  readonly delegations: readonly DelegationAnswer[];
  /** Send it back as `?cursor=` for the next page; the last page has none. It holds for an hour. */
  readonly next?: string;
}

/** @param now ISO 8601 UTC */
export const delegationAnswer = (
  policy: AccessPolicy,
  delegation: Delegation,
  now: string,
): DelegationAnswer => ({
  ...delegation,
  until: countsUntil(policy, delegation),
  state: delegationState(policy, delegation, now),
});

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
