import type { LogRow } from "../domain/evidence/activity/log-row.ts";

/** One query over a cluster's audit log. Instants are ISO 8601 UTC, and both are included. */
export interface LogQuery {
  readonly clusterArn: string;
  readonly query: string;
  readonly from: string;
  readonly until: string;
}

export interface LogAnswer {
  readonly rows: readonly LogRow[];
  /** Bytes that the query scanned: all that the log group holds of that time. */
  readonly scannedBytes: number;
}

/**
 * The audit logs of clusters. `test/contracts/activity-log.contract.ts` says the same.
 *
 * A query reads to the second: it may include events up to a second before `from` or after `until`.
 */
export interface ActivityLog {
  /**
   * Runs a query to its end. At most `MOST_ROWS` rows are answered.
   *
   * @returns undefined where there is no log: the cluster never wrote one
   * @throws Error where the query did not complete. It may still be running, and cost
   */
  ask(query: LogQuery): Promise<LogAnswer | undefined>;
}
