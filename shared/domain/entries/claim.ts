/** What one grant makes of its binding: which elements of which target, and whether now. */

import type { AccessRequest } from "../requests/request.ts";
import { type ElementSet, EMPTY, unionOf } from "../values/element-set.ts";
import { reachOf } from "./access.ts";

export interface Claim {
  readonly grantId: string;
  readonly target: string;
  readonly elements: ElementSet;
  /** Whether the grant gives access now. One that ended still explains what it left behind. */
  readonly live: boolean;
}

export function claimOf(request: AccessRequest, live: boolean): Claim {
  return { grantId: request.id, live, ...reachOf(request.access, request.cluster.arn) };
}

/** When the grant's access begins: as soon as it is approved, unless a later start was asked for. */
export function startOf(request: AccessRequest): string | null {
  const { approvedAt, startsAt } = request;
  if (approvedAt === null) return null;
  return startsAt !== null && startsAt > approvedAt ? startsAt : approvedAt;
}

/**
 * Whether the grant's time has come and is not over. Its time is over from `revokeAt` on. One that
 * is active has begun, even where its start was told by a clock ahead of the one that says `now`.
 */
export function isInTime(request: AccessRequest, now: string): boolean {
  const { state, revokeAt } = request;
  const start = startOf(request);
  const begun = state === "active" || (state === "approved" && start !== null && start <= now);
  return begun && revokeAt !== null && now < revokeAt;
}

/** Everything that the given claims come to on one target. */
export const claimed = (claims: readonly Claim[], target: string): ElementSet =>
  claims.reduce((sum, c) => (c.target === target ? unionOf(sum, c.elements) : sum), EMPTY);
