/** What the cluster's audit log says was done with one grant. Instants are ISO 8601 UTC. */
export interface ActivitySummary {
  /**
   * - `read`: the counts are complete for the window.
   * - `logging-off`: the cluster writes no audit log.
   * - `too-large`: the scan would cost more than is allowed, so it was not made.
   */
  readonly state: "read" | "logging-off" | "too-large";
  readonly from: string;
  readonly until: string;
  /** The query that was run, so that anyone can run it again; null if none was. */
  readonly query: string | null;
  readonly scannedBytes: number;
  readonly counts: readonly ActivityCount[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly streams: readonly ActivityStream[];
  readonly leftBehind: readonly LeftObject[];
}

interface ActivityCount {
  readonly verb: string;
  readonly resource: string;
  /** Null for what is in no namespace. */
  readonly namespace: string | null;
  readonly outcome: "allowed" | "denied" | "failed";
  readonly count: number;
}

/** A connection that may outlive the grant. */
interface ActivityStream {
  readonly kind: "exec" | "attach" | "port-forward";
  readonly namespace: string;
  readonly pod: string;
  readonly startedAt: string;
  /** Null if it was open at the end of the window. */
  readonly endedAt: string | null;
}

/** An object made with the access that may give access after it. */
interface LeftObject {
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string;
  readonly createdAt: string;
}
