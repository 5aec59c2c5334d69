/** When a grant gives access. All instants are ISO 8601 UTC. */
import type { AccessRequest } from "./request.ts";

/** When the access starts: on approval, or at the requested start if that is later. */
export function startOf(request: Pick<AccessRequest, "approvedAt" | "startsAt">): string | null {
  const { approvedAt, startsAt } = request;
  if (approvedAt === null) return null;
  return startsAt !== null && startsAt > approvedAt ? startsAt : approvedAt;
}

/** Whether an extension of the grant may be approved at `now`: its access is there, and lasts. */
export const isExtendable = (
  { state, revokeAt, extendedBy }: AccessRequest,
  now: string,
): boolean => state === "active" && extendedBy === undefined && revokeAt !== null && now < revokeAt;

/**
 * Whether `now` is between the grant's start and `revokeAt`. An active grant has started, even if
 * the clock that stamped its start was ahead of ours.
 */
export function isInTime(request: AccessRequest, now: string): boolean {
  const { state, revokeAt } = request;
  const start = startOf(request);
  const begun = state === "active" || (state === "approved" && start !== null && start <= now);
  return begun && revokeAt !== null && now < revokeAt;
}
