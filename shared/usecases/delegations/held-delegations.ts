/** The people for whom somebody may decide, read when they act. */
import type { Delegation } from "../../domain/delegations/delegation.ts";
import { isInForce } from "../../domain/policy/delegated.ts";
import { type Member, memberOf } from "../../domain/policy/policy.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

export type DelegationReads = Pick<FrontPorts, "delegations" | "policy" | "clock">;

/** Delegations to a person that nobody has ended. Nothing is read if the policy allows no delegations. */
export async function heldDelegations(
  { delegations, policy, clock }: DelegationReads,
  { name }: Pick<Member, "name">,
): Promise<readonly Delegation[]> {
  return policy.delegations ? await delegations.givenTo(name, clock.now()) : [];
}

/** The people for whom a person may decide now, each once. */
export async function delegatorsOf(
  ports: DelegationReads,
  member: Pick<Member, "name">,
): Promise<readonly Member[]> {
  const { policy, clock } = ports;
  const held = await heldDelegations(ports, member);
  const inForce = held.filter((each) => isInForce(policy, each, clock.now()));
  return [...new Set(inForce.map(({ by }) => by))].flatMap((name) => memberOf(policy, name) ?? []);
}
