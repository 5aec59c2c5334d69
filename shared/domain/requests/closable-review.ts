/** The time from which the review of a break-glass can be closed. */
import { isFinal } from "./lifecycle.ts";
import type { AccessRequest } from "./request.ts";
import { openReviewOf, type Review } from "./review.ts";

type Reviewed = Pick<AccessRequest, "breakGlass" | "state" | "review">;

/**
 * The open review of a break-glass whose access is over, or never came. Nobody closes one earlier: its
 * note could not say how the rest of the access was used.
 */
export const closableReview = (request: Reviewed): Review | undefined =>
  request.breakGlass && isFinal(request.state) ? openReviewOf(request) : undefined;

/** Whether a review is still open after it was due. Nobody is late before it can be closed. */
export const isReviewOverdue = (request: Reviewed, now: string): boolean => {
  const open = closableReview(request);
  return open !== undefined && open.dueAt <= now;
};

type Lent = Pick<AccessRequest, "state" | "requester" | "expiresAt">;

/** Why the review of a request cannot be closed yet, and when it can; undefined where it can. */
export function tooEarlyToReview({
  state,
  requester,
  expiresAt,
}: Lent): { readonly detail: string } | undefined {
  if (isFinal(state)) return undefined;
  if (state === "ending")
    return {
      detail:
        "The access of this break-glass is still being removed. Nothing was changed; wait until the request is ended, then close the review.",
    };
  const until = expiresAt === null ? "" : `, until ${expiresAt} at the latest`;
  return state === "active"
    ? {
        detail: `${requester} still has this access${until}, and a note cannot say how the rest of it will be used. Nothing was changed; wait until the request is ended, then close the review.`,
      }
    : {
        detail: `The access of this break-glass has not begun, and may last${until}. Nothing was changed; wait until the request is over, then close the review.`,
      };
}
