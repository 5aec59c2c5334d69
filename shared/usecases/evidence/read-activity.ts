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
 * @returns undefined for every other reader and request; without a summary, null, or undefined where the access never
 *   began
 */
export async function reviewedActivity(
  { policy, activity }: Pick<FrontPorts, "policy" | "activity">,
  { member }: Pick<Actor, "member">,
  request: AccessRequest,
): Promise<ActivitySummary | null | undefined> {
  const isReviewed = request.breakGlass && isFinal(request.state);
  if (!activity || !isReviewed || !mayClose(policy, member, request)) return undefined;
  const last = lastActivity(await activity.evidenceOf(request.id));
  // Nothing is missing where the access never began.
  return last ?? (request.effectiveAt === null ? undefined : null);
}
