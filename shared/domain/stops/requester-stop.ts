/** The suspension of a requester, as the people who would decide on their request read it. */
import type { AccessPolicy } from "../policy/policy.ts";
import type { AccessRequest } from "../requests/request.ts";
import { liftersOf } from "./lifters.ts";
import { type Stopped, suspensionOf } from "./stops.ts";

export interface RequesterStop {
  readonly by: string;
  /** Admins who can lift it. */
  readonly liftedBy: readonly string[];
}

/** Undefined unless the request waits for a decision and its requester is suspended. */
export function requesterStop(
  policy: AccessPolicy,
  stopped: Stopped,
  { state, requester }: Pick<AccessRequest, "state" | "requester">,
): RequesterStop | undefined {
  const stop = state === "pending" ? suspensionOf(stopped, requester) : undefined;
  return stop && { by: stop.by, liftedBy: liftersOf(policy, stopped, stop.by) };
}
