/** The next instant at which messages about a request change by time. */
import type { AccessPolicy } from "../policy/policy.ts";
import type { AccessRequest } from "../requests/request.ts";
import { earliest } from "../values/instant.ts";
import type { Situation } from "./audiences.ts";
import { proofDue } from "./notice-times.ts";
import { nextPromptAt } from "./prompts.ts";
import { nextReviewPromptAt } from "./review-prompts.ts";

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
