/** How the reviews of break-glass stood at the end of a period. */
import type { ReportedRequest } from "./population.ts";

export interface ReviewCounts {
  /** In time: whoever is to close it still can. */
  readonly open: number;
  readonly closed: number;
  /** Ids of requests whose review is open after it was due. */
  readonly overdue: readonly string[];
  /** Ids of requests whose review was closed after it was due. */
  readonly late: readonly string[];
  /** Ids of requests whose review its own requester closed. The list should be empty. */
  readonly own: readonly string[];
}

type Row = Pick<ReportedRequest, "requestId" | "requester" | "review">;

/** @param until the end of the period. ISO 8601 UTC */
export function reviewCounts(rows: readonly Row[], until: string): ReviewCounts {
  const reviewed = rows.filter(({ review }) => review !== null);
  const ids = (is: (row: Row) => boolean) => reviewed.filter(is).map(({ requestId }) => requestId);
  const closed = reviewed.filter(({ review }) => review?.closed);
  const overdue = ids(({ review }) => review?.closed === null && review.dueAt <= until);
  return {
    open: reviewed.length - closed.length - overdue.length,
    closed: closed.length,
    overdue,
    late: ids(({ review }) => (review?.closed?.at ?? "") > (review?.dueAt ?? "")),
    own: ids(({ review, requester }) => review?.closed?.person === requester),
  };
}
