/** Reads an access entry again and again: it shows gaps that two reads would miss. */
import { setTimeout as pause } from "node:timers/promises";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { associatedPolicies, type ScopesByPolicy } from "./associated-policies.ts";

const EVERY_MILLIS = 200;

/** One read. Its answer was true at some instant between the two. ISO 8601 UTC. */
interface WatchedRead {
  readonly sentAt: string;
  readonly answeredAt: string;
  readonly scopes: ScopesByPolicy | undefined;
}

/**
 * Reads every 200 ms what is on a person's entry on prod.
 *
 * @returns what stops it, and answers all that was read
 */
export function watchAccess(
  sandbox: SandboxAddresses,
  person: string,
): () => Promise<readonly WatchedRead[]> {
  const reads: WatchedRead[] = [];
  let isOn = true;
  const watching = (async () => {
    while (isOn) {
      const sentAt = new Date().toISOString();
      const scopes = await associatedPolicies(sandbox, "prod", person);
      reads.push({ sentAt, answeredAt: new Date().toISOString(), scopes });
      await pause(EVERY_MILLIS);
    }
  })();
  // If the test fails first, nobody waits for this any more.
  watching.catch(() => undefined);
  return async () => {
    isOn = false;
    await watching;
    return reads;
  };
}
