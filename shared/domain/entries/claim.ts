/** What one grant wants on its binding: which elements of which target, and whether now. */

import type { AccessRequest } from "../requests/request.ts";
import { type ElementSet, EMPTY, unionOf } from "../values/element-set.ts";
import { reachOf } from "./access.ts";

export interface Claim {
  readonly grantId: string;
  readonly target: string;
  readonly elements: ElementSet;
  /** Whether the grant gives access now. An ended grant still explains the elements it left. */
  readonly live: boolean;
}

export function claimOf(request: AccessRequest, live: boolean): Claim {
  return { grantId: request.id, live, ...reachOf(request.access, request.cluster.arn) };
}

/** When the access starts: on approval, or at the requested start if that is later. */
export function startOf(request: AccessRequest): string | null {
  const { approvedAt, startsAt } = request;
  if (approvedAt === null) return null;
  return startsAt !== null && startsAt > approvedAt ? startsAt : approvedAt;
}

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

/** All elements that the given claims want on one target. */
export const claimed = (claims: readonly Claim[], target: string): ElementSet =>
  claims.reduce((sum, c) => (c.target === target ? unionOf(sum, c.elements) : sum), EMPTY);
