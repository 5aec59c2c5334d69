/** Makes actors from people's names. */
import type { Actor } from "../../../shared/domain/policy/actor.ts";
import { type AccessPolicy, memberOf } from "../../../shared/domain/policy/policy.ts";
import { BrokerError } from "../../../shared/domain/values/errors.ts";

/** A person of the deployed policy, who acts over the API. @throws BrokerError as the API does where it knows nobody of that name */
export function actorIn(policy: AccessPolicy, name: string): Actor {
  const member = memberOf(policy, name);
  if (!member) throw new BrokerError("unknown-caller", `${name} is not in the policy.`);
  return { member, surface: "api", proof: { gatewayRequestId: "q", callerId: name } };
}
