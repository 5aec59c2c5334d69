/**
 * The review of a break-glass grant: somebody else looks afterwards at what it was used for. Every
 * break-glass has exactly one, from its approval on, even if its access never exists.
 */

/** Fixed with the request, so that a later rule cannot move who closes it, or when it is due. */
export interface Review {
  /** Groups whose members may close it. */
  readonly by: readonly string[];
  /** ISO 8601 UTC. */
  readonly dueAt: string;
  /** Null while it is open. */
  readonly closed: ClosedReview | null;
}

interface ClosedReview {
  readonly person: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly note: string;
}

interface Reviewed {
  readonly review?: Review;
}

/** The open review of a request; undefined where it has no review, or it is closed. */
export const openReviewOf = ({ review }: Reviewed): Review | undefined =>
  review?.closed === null ? review : undefined;
