import { type Delegation, delegationOf } from "../../domain/delegations/delegation.ts";
import { endRecord } from "../../domain/delegations/delegation-record.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { mayEndDelegation } from "../../domain/policy/delegation-rights.ts";
import { BrokerError, noDelegation } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { checkNotSuspended } from "../stops/may-act.ts";

/**
 * Ends a delegation at once. Its delegator, its delegate and admins may. To end it again changes
 * nothing. Decisions made under it stay.
 *
 * @throws BrokerError `delegation-not-found`, and `suspended` for a suspended admin who has no part in it
 */
export async function endDelegation(
  ports: FrontPorts,
  { member, surface, proof }: Actor,
  id: string,
): Promise<Delegation> {
  const { policy, clock, delegations } = ports;
  const load = async () => {
    const records = await delegations.records(id);
    const [made] = records;
    const delegation = delegationOf(id, records);
    if (made?.type !== "delegate" || !delegation || !mayEndDelegation(policy, member, delegation))
      throw noDelegation(id);
    return { made, delegation };
  };
  const { made, delegation } = await load();
  if (delegation.ended) return delegation;
  if (![delegation.by, delegation.to].includes(member.name)) await checkNotSuspended(ports, member);
  const at = clock.now();
  const happened = { delegationId: id, actor: member.name, at, policyHash: policy.hash };
  try {
    await delegations.end(delegation, endRecord(happened, { surface, proof }, made));
    return { ...delegation, ended: { person: member.name, at } };
  } catch (error) {
    // Somebody was faster, so the delegation is ended as the actor asked.
    if (error instanceof BrokerError && error.code === "delegation-ended")
      return (await load()).delegation;
    throw error;
  }
}
