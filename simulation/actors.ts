/** Who acts, by name. */
import type { Actor } from "../shared/domain/policy/actor.ts";
import { type AccessPolicy, memberOf } from "../shared/domain/policy/policy.ts";
import { POLICY } from "./sim-policy.ts";

/** A person of the policy, who acts over the API. */
export const actorOf = (name: string): Actor => actorIn(POLICY, name);

/** The same, of the policy that is deployed. */
export function actorIn(policy: AccessPolicy, name: string): Actor {
  const member = memberOf(policy, name);
  if (!member) throw new Error(`${name} is not in the policy.`);
  return { member, surface: "api", proof: { gatewayRequestId: "q", callerId: name } };
}
