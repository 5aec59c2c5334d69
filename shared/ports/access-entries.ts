import type { ClusterDescription } from "../domain/clusters/cluster-facts.ts";
import type { ActualEntry } from "../domain/entries/actual-entry.ts";
import type { AccessScope } from "../domain/requests/request.ts";
import type { ClusterArn } from "../domain/values/arn.ts";

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
 * - `refused`: AWS said no: bad input, no permission, no such cluster or policy. Some refusals
 *   pass; `domain/entries/refusal.ts` knows which.
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
 * is gone, not only the entry), `AuthenticationModeConfigMap` (it takes no access entries),
 * `InvalidPrincipal` (IAM does not know the principal, or not yet).
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

/** What a CreateAccessEntry call answered. */
export interface CreatedEntry {
  readonly record: CallRecord;
  /** Ends in a UUID: the pin that tells this entry from its successor. */
  readonly accessEntryArn: string;
  /** EKS's own time, ISO 8601 UTC. */
  readonly createdAt: string;
}

/**
 * EKS access entries, and the IAM principals behind them, in a cluster's account.
 *
 * Every method assumes the grantor role under the given session; changes answer their record.
 * All throw CallFailed. A throttled change waits a few seconds inside; nothing else is retried.
 *
 * **Reads are eventually consistent.** A read shows what was so at some time in the last
 * `readLagSeconds`. Two reads may go back in time. DescribeAccessEntry and
 * ListAssociatedAccessPolicies, which make up one `read`, may each show another time. EKS may judge
 * a change on such a view as well: a 404 or a 409 may be stale.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 * docs/assumptions.md says what is relied on, and what is not.
 */
export interface AccessEntries {
  /**
   * The entry with its policies and groups; undefined where there is none. It waits out a throttle
   * for two seconds at most, so that no removal waits for a read.
   */
  read(address: EntryAddress, session: CallSession): Promise<ActualEntry | undefined>;

  /**
   * Who is behind the principal ARN now; undefined where nobody is. A user, or a role of another
   * account than the cluster's, is CallFailed `refused` with code `PrincipalUnreadable`.
   */
  principal(address: EntryAddress, session: CallSession): Promise<PrincipalIdentity | undefined>;

  /** The cluster as it is now; undefined where there is none of that name. */
  cluster(cluster: ClusterArn, session: CallSession): Promise<ClusterDescription | undefined>;

  /**
   * Creates a bare STANDARD entry with our tags; `token` is both its client token and a tag. It
   * carries no groups: a create that lands late must give nobody access. An entry that is there
   * already, ours or not, is CallFailed `refused` with code `ResourceInUseException`. A token that
   * was used before may be answered with an entry that is gone by now.
   */
  create(address: EntryAddress, session: CallSession, token: string): Promise<CreatedEntry>;

  /**
   * Sets the groups, all of them, under the grantor role for groups. The username goes with them:
   * UpdateAccessEntry resets what is absent. Null leaves EKS's generated username.
   * https://github.com/hashicorp/terraform-provider-aws/issues/36480
   */
  updateGroups(
    address: EntryAddress,
    session: CallSession,
    groups: readonly string[],
    username: string | null,
  ): Promise<CallRecord>;

  /** Associates the policy, or gives its association this scope in place of the one it has. */
  associate(
    address: EntryAddress,
    session: CallSession,
    policyArn: string,
    scope: AccessScope,
  ): Promise<CallRecord>;

  /** Removes the association. Where EKS finds none, the record says `ResourceNotFoundException`. */
  disassociate(address: EntryAddress, session: CallSession, policyArn: string): Promise<CallRecord>;

  /** Deletes the entry with all its associations; where EKS finds none, as `disassociate`. */
  remove(address: EntryAddress, session: CallSession): Promise<CallRecord>;
}
