/** The grants that a stop ends. */
import type { AccessPolicy } from "../policy/policy.ts";
import { holdersOf } from "../policy/policy-index.ts";
import type { AccessRequest } from "../requests/request.ts";
import { type Stopped, suspensionOf } from "./stops.ts";

/** Why a grant has to end. */
export interface StoppedGrant {
  readonly code: "suspended" | "drained";
  readonly detail: string;
}

/**
 * Why a grant has to end now; undefined where nobody is stopped who would have its access. Others
 * who hold its principal have the access too.
 */
export function stopOfGrant(
  policy: AccessPolicy,
  stopped: Stopped,
  { requester, principalArn }: Pick<AccessRequest, "requester" | "principalArn">,
): StoppedGrant | undefined {
  const { drain } = stopped;
  if (drain) return { code: "drained", detail: `${drain.by} drained the broker: ${drain.reason}.` };
  const names = [requester, ...holdersOf(policy, principalArn)];
  for (const name of names) {
    const stop = suspensionOf(stopped, name);
    if (stop) return { code: "suspended", detail: `${stop.by} suspended ${name}: ${stop.reason}.` };
  }
  return undefined;
}
