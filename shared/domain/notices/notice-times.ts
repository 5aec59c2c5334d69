/**
 * The times at which a request's messages change by themselves, and those at which they wait for
 * the next step. Pure.
 */

import type { AccessPolicy } from "../policy/policy.ts";
import type { AccessRequest } from "../requests/request.ts";
import { earliest, latest, plusSeconds, secondsBetween } from "../values/instant.ts";
import type { Situation } from "./audiences.ts";
import { nextPromptAt } from "./prompts.ts";
import { nextReviewPromptAt } from "./review-prompts.ts";

/** When the requester hears that access ends: ten minutes before, or a fifth of a shorter grant. */
const ENDS_SOON_SECONDS = 600;
const ENDS_SOON_SHARE = 1 / 5;
/**
 * An approval is held for this time, since access is added within seconds, and both show as one.
 */
const ACTIVE_SOON_SECONDS = 5;
/**
 * An end on time is shown once it is proven. Messages already say until when, and Slack takes 50 updates
 * a minute. A proof that takes longer than this is news.
 */
const PROOF_SECONDS = 180;

/**
 * Messages about a request make sense for a day after its end, and those about a finding after its
 * last acknowledgement.
 */
export const NEWS_SECONDS = 86_400;

/** From here on the requester should know that access ends soon; null while that is unknown. */
export function endsSoon({ effectiveAt, revokeAt, durationSeconds }: AccessRequest): string | null {
  if (effectiveAt === null || revokeAt === null) return null;
  return plusSeconds(
    revokeAt,
    -Math.min(ENDS_SOON_SECONDS, Math.floor(durationSeconds * ENDS_SOON_SHARE)),
  );
}

/** A later warning comes too late for whoever would extend the access or finish their work. */
const WARNED_SHARE = 4 / 5;

/** Whether the requester is warned now: as access begins to end soon, and not in the last fifth of that time. */
export function isWarnedAt(endsSoonAt: string, revokeAt: string, now: string): boolean {
  const lead = secondsBetween(endsSoonAt, revokeAt);
  return endsSoonAt <= now && now < plusSeconds(endsSoonAt, lead * WARNED_SHARE);
}

/** After its time, a grant is shown as it was before until the proof of its end is due. */
export function shownOf(request: AccessRequest, now: string): AccessRequest {
  const until = proofDue(request);
  if (until === null || until <= now) return request;
  return { ...request, state: "active", outcome: null };
}

/** When an end on time, not yet proven, becomes news; null of everything else. */
export const proofDue = ({
  state,
  outcome,
  effectiveAt,
  revokeAt,
}: AccessRequest): string | null =>
  state === "ending" && outcome?.code === "expired" && effectiveAt !== null && revokeAt !== null
    ? plusSeconds(revokeAt, PROOF_SECONDS)
    : null;

/**
 * The time by which an approved request is expected to be active; null where nothing follows soon.
 */
export function activeSoon(
  { state, approvedAt, startsAt }: AccessRequest,
  now: string,
): string | null {
  if (state !== "approved" || approvedAt === null) return null;
  if (startsAt !== null && startsAt > now) return null;
  const begun = latest([approvedAt, ...(startsAt === null ? [] : [startsAt])]) ?? approvedAt;
  return plusSeconds(begun, ACTIVE_SOON_SECONDS);
}

/** When somebody is asked again; null for not at all. ISO 8601 UTC. */
export const nextAskedAt = (
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): string | null =>
  // One of a pending request, the other of one that is approved.
  nextPromptAt(policy, request, now) ?? nextReviewPromptAt(request, now);

/** When any message changes by time; null for not before the next step. ISO 8601 UTC. */
export function nextChange(
  request: AccessRequest,
  { policy, now, endsSoonAt }: Situation,
): string | null {
  const { state, startsAt } = request;
  const times = [
    state === "approved" ? startsAt : null,
    endsSoonAt,
    proofDue(request),
    nextAskedAt(policy, request, now),
  ];
  return earliest(times.filter((at) => at !== null && at > now) as string[]) ?? null;
}
