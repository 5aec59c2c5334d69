import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";
import { lastActivity } from "../../domain/evidence/activity/last-activity.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { mayClose } from "../../domain/policy/review-rights.ts";
import { isFinal } from "../../domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/**
 * The use of a break-glass that is over, for a person who may review it, before or after the close.
 *
 * @returns undefined for every other reader and request, null where no record has a summary
 */
export async function reviewedActivity(
  { policy, activity }: Pick<FrontPorts, "policy" | "activity">,
  { member }: Pick<Actor, "member">,
  request: AccessRequest,
): Promise<ActivitySummary | null | undefined> {
  const isReviewed = request.breakGlass && isFinal(request.state) && request.effectiveAt !== null;
  if (!activity || !isReviewed || !mayClose(policy, member, request)) return undefined;
  return lastActivity(await activity.evidenceOf(request.id)) ?? null;
}
