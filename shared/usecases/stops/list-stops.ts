import type { Actor } from "../../domain/policy/actor.ts";
import { hasRole } from "../../domain/policy/policy.ts";
import type { Stops } from "../../domain/stops/stops.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * The people who are suspended, and whether the broker is drained.
 *
 * @throws BrokerError `forbidden`
 */
export async function listStops(
  { stops, policy }: Pick<FrontPorts, "stops" | "policy">,
  { member }: Actor,
): Promise<Stops> {
  if (hasRole(policy, member, "admins") || hasRole(policy, member, "auditors"))
    return stops.latest();
  throw new BrokerError(
    "forbidden",
    "Only admins and auditors see who is suspended. Nothing was done; ask one of them.",
  );
}
