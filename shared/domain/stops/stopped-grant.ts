/** The grants that a stop ends. */
import type { AccessPolicy } from "../policy/policy.ts";
import { holdersOf } from "../policy/policy-index.ts";
import type { AccessRequest } from "../requests/request.ts";
import { earliest } from "../values/instant.ts";
import { type Stopped, suspensionOf } from "./stops.ts";

/** Why a grant has to end. */
export interface StoppedGrant {
  readonly code: "suspended" | "drained";
  readonly detail: string;
  /** When the first of the stops that end it was made. ISO 8601 UTC. */
  readonly at: string;
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
  const suspended = [requester, ...holdersOf(policy, principalArn)].flatMap((name) => {
    const stop = suspensionOf(stopped, name);
    return stop ? [{ code: "suspended", text: `suspended ${name}`, ...stop } as const] : [];
  });
  const all = [
    ...(drain ? [{ code: "drained", text: "drained the broker", ...drain } as const] : []),
    ...suspended,
  ];
  const [first] = all;
  const at = earliest(all.map((stop) => stop.at));
  if (!first || at === undefined) return undefined;
  return { code: first.code, detail: `${first.by} ${first.text}: ${first.reason}.`, at };
}
