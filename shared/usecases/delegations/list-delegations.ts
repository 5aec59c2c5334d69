import type { Delegation } from "../../domain/delegations/delegation.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { mayReadDelegation } from "../../domain/policy/delegation-rights.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";

/**
 * Delegations that nobody has ended and that are not over, as far as the actor may see them, by their end. Admins
 * and auditors see everyone's.
 */
export const listDelegations = (
  { policy, clock, delegations }: FrontPorts,
  { member }: Actor,
  page: PageQuery,
): Promise<Page<Delegation>> =>
  delegations.listed(clock.now(), page, (each) => mayReadDelegation(policy, member, each));
