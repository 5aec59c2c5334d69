import type { AccessRequest } from "../domain/requests/request.ts";

/**
 * The grants of a cluster by their starts, whatever became of them. Both reads may lag behind.
 * `test/contracts/lent-grants.contract.ts` is this contract in code.
 */
export interface LentGrants {
  /**
   * Grants of a cluster that began, or are to begin, at `from` or later and before `to`, and that are wanted, in the
   * order of their starts. A page ends early where its records take `PAGE_BYTES`. Grants that an earlier release approved, and that changed nothing since, are not among them.
   */
  lentOn(
    clusterArn: string,
    started: StartedBetween,
    page: { readonly limit: number; readonly after?: string },
    isWanted?: (request: AccessRequest) => boolean,
  ): Promise<LentPage>;

  /**
   * The approval of the first grant of a cluster that this release, or a later one, approved. From then on, `lentOn`
   * has every grant. Undefined where there is no such grant yet.
   */
  lentSince(clusterArn: string): Promise<string | undefined>;
}

/** Instants, ISO 8601 UTC: `from` is included, and `to` is not. */
export interface StartedBetween {
  readonly from: string;
  readonly to: string;
}

/** A page of grants of a cluster, as other lists of requests have it. */
export interface LentPage {
  readonly items: readonly AccessRequest[];
  /** The start of the next page; absent on the last page. */
  readonly next?: string;
  /** Entries of the page that were left out: their records are unreadable, or not of this place. */
  readonly leftOut: number;
}
