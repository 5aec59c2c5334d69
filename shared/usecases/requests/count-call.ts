import type { Actor } from "../../domain/policy/actor.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import { floorTo, plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * Counts a call towards the actor's limit in this window. Calls that end access are never counted, and neither are
 * calls that an idempotency key answers.
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
    `You made ${most} requests since ${from}, the most in one window. Nothing was stored; wait ${retryAfterSeconds} s.`,
    { retryAfterSeconds },
  );
}
