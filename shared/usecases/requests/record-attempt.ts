import type { AttemptVerb } from "../../domain/requests/audit-event.ts";
import { LIFECYCLE, transition } from "../../domain/requests/lifecycle.ts";
import type { Surface } from "../../domain/requests/surface.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { NonceUsed } from "../../ports/request-store.ts";

/** Somebody tried to decide on a request, or to end it, and was refused. */
export interface Attempt {
  readonly tried: AttemptVerb;
  readonly why: string;
  /** A person of `access.yaml`, or `slack:<team>/<user>`. */
  readonly who: string;
  readonly surface: Surface;
  readonly proof: Readonly<Record<string, string>>;
  /** The hash of the signed message. */
  readonly nonce: string;
}

/** How many attempts one history holds. A person who sends more must not fill it. */
const MOST_ATTEMPTS = 20;
const TRIES = 3;

/**
 * Records an attempt in the history of a request that can still be decided or ended. It records the first of each
 * person and verb, up to a limit.
 *
 * @returns whether it was recorded; false also if there is no such request
 */
export async function recordAttempt(
  ports: Pick<FrontPorts, "requests" | "policy" | "clock">,
  id: string,
  attempt: Attempt,
): Promise<boolean> {
  for (let left = TRIES; ; left -= 1)
    try {
      return await recordOnce(ports, id, attempt);
    } catch (error) {
      if (error instanceof NonceUsed) return false;
      const code = error instanceof BrokerError ? error.code : undefined;
      if (code === "request-not-found") return false;
      if (code !== "version-conflict" || left <= 1) throw error;
    }
}

async function recordOnce(
  { requests, policy, clock }: Pick<FrontPorts, "requests" | "policy" | "clock">,
  id: string,
  { who: actor, nonce, ...details }: Attempt,
): Promise<boolean> {
  const request = await requests.load(id);
  if (!LIFECYCLE[request.state].attempt) return false;
  const earlier = (await requests.history(id)).filter(({ type }) => type === "attempt");
  const isKnown = earlier.some(
    (event) =>
      event.type === "attempt" && event.actor === actor && event.details.tried === details.tried,
  );
  if (isKnown || earlier.length >= MOST_ATTEMPTS) return false;
  const at = clock.now();
  const step = transition(request, {
    type: "attempt",
    actor,
    at,
    policyHash: policy.hash,
    details,
  });
  await requests.save(step, { nonce });
  return true;
}
