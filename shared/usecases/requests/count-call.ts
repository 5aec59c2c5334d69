import type { Actor } from "../../domain/policy/actor.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { floorTo, plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * Counts one call towards what its actor may do in this window of time. What ends access is never
 * counted, nor is a call that is answered from before.
 *
 * @throws BrokerError `rate-limited`, with `retryAfterSeconds` in its facts
 */
export async function countCall(
  { requests, clock, settings }: FrontPorts,
  { member }: Actor,
  operation: string,
): Promise<void> {
  const { requestsPerWindow: most, requestWindowSeconds } = settings;
  const now = clock.now();
  const from = floorTo(now, requestWindowSeconds);
  const until = plusSeconds(from, requestWindowSeconds);
  if (await requests.countIn({ person: member.name, operation, from, until }, most)) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(secondsBetween(now, until)));
  throw new BrokerError(
    "rate-limited",
    `You made ${most} requests since ${from}; more may be made in ${retryAfterSeconds} s. Nothing was stored; wait so long.`,
    { retryAfterSeconds },
  );
}
