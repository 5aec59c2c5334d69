import type { ClusterArn } from "../domain/arn.ts";
import type { ClusterDescription } from "../domain/cluster-facts.ts";
import type { ActualEntry } from "../domain/observe.ts";
import type { AccessScope } from "../domain/request.ts";

/** What IAM knows of a principal: a successor under the same ARN has another id. */
export interface PrincipalIdentity {
  /** `AROA…` */
  readonly id: string;
  readonly createdAt: string;
}

/** Under whose name a call is made: it is the role session's name, which CloudTrail records. */
export interface CallSession {
  /** `timelatch-<grantId>`, or `timelatch-b-<start of the binding>` where no one grant causes it. */
  readonly sessionName: string;
  /** The person on whose behalf, or `timelatch`. */
  readonly sourceIdentity: string;
}

/** Where a call goes: the cluster, and the role that is assumed there. */
export interface EntryAddress {
  readonly cluster: ClusterArn;
  readonly principalArn: string;
}

/** The proof of one call: AWS's request id, and under which session it was made. */
export interface CallRecord {
  readonly operation: string;
  readonly requestId: string | null;
  readonly sessionName: string;
  readonly at: string;
  /** `ok`, or the error's name. */
  readonly result: string;
}

/**
 * How a call ended that did not succeed.
 * - `refused`: AWS said no, and will again: bad input, no permission, no such cluster or policy.
 * - `throttled`: AWS did nothing, since it was asked too much at once or too early, or the
 *   invocation had no time left to ask. It passes within seconds, and says nothing against the
 *   cluster.
 * - `busy`: AWS did nothing, and may later: unavailable before the call applied.
 * - `unknown`: no answer, or a server error: the call may have been applied, or may yet be.
 */
export type Failure = "refused" | "throttled" | "busy" | "unknown";

/**
 * A call to AWS that failed; `code` is AWS's name for it. Where EKS has one name for several
 * things, they have their own here, and AWS's stands in the record: `ClusterNotFound` (the cluster
 * is gone, not only the entry) and `AuthenticationModeConfigMap` (it takes no access entries).
 */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly failure: Failure;
  readonly code: string;
  readonly record: CallRecord;
  constructor(failure: Failure, code: string, message: string, record: CallRecord) {
    super(message);
    this.failure = failure;
    this.code = code;
    this.record = record;
  }
}

/**
 * EKS access entries, and the IAM principals behind them, in a cluster's account.
 *
 * Every method assumes the grantor role under the given session; changes answer their record.
 * Reads after a change see it. All throw CallFailed; nothing is retried inside beyond waiting out
 * a throttle for a few seconds.
 */
export interface AccessEntries {
  /** The entry with its policies and groups; undefined where there is none. */
  read(address: EntryAddress, session: CallSession): Promise<ActualEntry | undefined>;

  /**
   * Who is behind the principal ARN now; undefined where nobody is. A user, or a role of another
   * account than the cluster's, is CallFailed `refused` with code `PrincipalUnreadable`.
   */
  principal(address: EntryAddress, session: CallSession): Promise<PrincipalIdentity | undefined>;

  /** The cluster as it is now; undefined where there is none of that name. */
  cluster(cluster: ClusterArn, session: CallSession): Promise<ClusterDescription | undefined>;

  /**
   * Creates a STANDARD entry with our tags; `token` is both its client token and a tag. With
   * `groups`, under the grantor role for groups. An entry that is there already, ours or not, is
   * CallFailed `refused` with code `ResourceInUseException`.
   */
  create(
    address: EntryAddress,
    session: CallSession,
    entry: { readonly token: string; readonly groups: readonly string[] },
  ): Promise<CallRecord>;

  /** Sets the groups, all of them, under the grantor role for groups. */
  updateGroups(
    address: EntryAddress,
    session: CallSession,
    groups: readonly string[],
  ): Promise<CallRecord>;

  /** Associates the policy, or gives its association this scope in place of the one it has. */
  associate(
    address: EntryAddress,
    session: CallSession,
    policyArn: string,
    scope: AccessScope,
  ): Promise<CallRecord>;

  /** Removes the association. One that is not there counts as removed. */
  disassociate(address: EntryAddress, session: CallSession, policyArn: string): Promise<CallRecord>;

  /** Deletes the entry with all its associations. One that is not there counts as deleted. */
  remove(address: EntryAddress, session: CallSession): Promise<CallRecord>;
}
