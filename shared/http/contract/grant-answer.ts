import type { PageAnswer, RequestAnswer, RequestSummary } from "./answers.ts";

/** A grant in a list: with `view=all`, also who approved it and when, and when a read first showed its access. */
export interface GrantSummary
  extends RequestSummary,
    Partial<Pick<RequestAnswer, "approvedAt" | "effectiveAt">> {
  /** Empty where nobody had to. */
  readonly approvedBy?: readonly string[];
}

/** `GET /v1/grants`. The members beside `requests` are there where `view` is `all`. */
export interface GrantList extends PageAnswer {
  readonly requests: readonly GrantSummary[];
  /** The list has every grant that was approved from then on; null where it has no such grant of the cluster yet. */
  readonly since?: string | null;
  /** How many entries of this page were left out, because their records are unreadable or of another place. */
  readonly leftOut?: number;
}
