/** The use of one grant, as the cluster's audit log shows it. Instants are ISO 8601 UTC. */
export interface ActivitySummary {
  /**
   * - `read`: the log was read for the whole window.
   * - `logging-off`: the cluster wrote no audit log in the window.
   * - `too-large`: the scan would cost more than is allowed, so it was not made.
   */
  readonly state: "read" | "logging-off" | "too-large";
  /** The time from which the access could exist. */
  readonly from: string;
  /** When a read proved that the access was gone. */
  readonly until: string;
  /** The queries that were run, so that anyone can run them again; null if none was. */
  readonly query: string | null;
  /** Bytes that the queries scanned, which is what CloudWatch charges for. */
  readonly scannedBytes: number;
  readonly counts: readonly ActivityCount[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  readonly streams: readonly ActivityStream[];
  readonly leftBehind: readonly LeftObject[];
  /** Whether there was more than the lists may hold. The log itself has all of it. */
  readonly isCut: boolean;
  /**
   * The members of the request's record that were not as its history has them. The summary follows the history. Absent
   * where they agree.
   */
  readonly differing?: readonly string[];
}

/** The sentence about a record that differs from its history; undefined where they agree. */
export const differingText = ({ differing }: ActivitySummary): string | undefined =>
  differing &&
  `The request's record differs from its history (${differing.join(", ")}). This follows the history.`;

export interface ActivityCount {
  readonly verb: string;
  /** As RBAC names it: `pods`, `deployments.apps`, `pods/exec`; empty for other URLs. */
  readonly resource: string;
  /** Null for what is in no namespace. */
  readonly namespace: string | null;
  /** `denied`: 401 or 403. `failed`: any other error. */
  readonly outcome: "allowed" | "denied" | "failed";
  readonly count: number;
  /** The user or service account as whom it was done. Absent where it was done in the grant's own name. */
  readonly as?: string;
}

/** The text for `resource` that people are shown, and as whom it was done. */
export const resourceText = ({ resource, as }: Pick<ActivityCount, "resource" | "as">): string =>
  `${resource === "" ? "other URLs" : resource}${as === undefined ? "" : ` as ${as}`}`;

/** A connection that may outlive the grant. */
export interface ActivityStream {
  readonly kind: "exec" | "attach" | "port-forward";
  readonly namespace: string;
  readonly pod: string;
  readonly startedAt: string;
  /** Null if it was open at the end of the window. */
  readonly endedAt: string | null;
}

/**
 * An object made with the access that may give access after it, and that the same access did not
 * delete by its name. Somebody else may have deleted it since.
 */
export interface LeftObject {
  /** As in `ActivityCount`. */
  readonly resource: string;
  readonly namespace: string | null;
  /** Null where the API server chose the name, which the log does not hold. */
  readonly name: string | null;
  readonly createdAt: string;
}
