import type { AllowedAsk } from "../../domain/policy/judge-ask.ts";
import type { Member } from "../../domain/policy/policy.ts";
import type { RefusedAsk } from "../../domain/policy/refused-ask.ts";
import { isReviewOverdue } from "../../domain/requests/closable-review.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";

/** A larger number would tell people nothing more. */
const MOST_COUNTED = 100;

/** The number of reviews that are open after they were due: at most 100. It reads the reviews that are due soonest. */
export async function countOverdueReviews({
  requests,
  clock,
}: Pick<FrontPorts, "requests" | "clock">): Promise<number> {
  const now = clock.now();
  const { items } = await requests.openReviews({ limit: MOST_COUNTED });
  return items.filter((request) => isReviewOverdue(request, now)).length;
}

/**
 * The refusal of an ask under a rule that overdue reviews block, if the person has one. Judged by stored requests,
 * so converge cannot judge it again.
 *
 * @param now ISO 8601 UTC
 */
export async function blockedByReview(
  { requests }: Pick<FrontPorts, "requests">,
  { name }: Member,
  { rule }: Pick<AllowedAsk, "rule">,
  now: string,
): Promise<RefusedAsk | undefined> {
  if (!rule.review?.block) return undefined;
  const isOwnOverdue = (request: AccessRequest) =>
    request.requester === name && request.rule === rule.name && isReviewOverdue(request, now);
  let after: string | undefined;
  do {
    const page = { limit: 1, ...(after === undefined ? {} : { after }) };
    const { items, next } = await requests.openReviews(page, isOwnOverdue);
    const [overdue] = items;
    if (overdue)
      return {
        allowed: false,
        code: "review-overdue",
        detail: `The review of your break-glass ${overdue.id} is overdue, and ${rule.name} refuses you another until it is closed. Nothing was stored; ask a member of ${overdue.review?.by.join(" or ")} to close it.`,
        facts: { id: overdue.id },
      };
    after = next;
  } while (after !== undefined);
  return undefined;
}
