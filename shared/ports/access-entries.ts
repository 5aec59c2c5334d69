import type { ClusterDescription } from "../domain/clusters/cluster-facts.ts";
import type { ActualEntry } from "../domain/entries/actual-entry.ts";
import type { CallAnswer } from "../domain/requests/evidence.ts";
import type { AccessScope } from "../domain/requests/request.ts";
import type { ClusterArn } from "../domain/values/arn.ts";

/** IAM's facts about a principal. A recreated principal has the same ARN and another id. */
export interface PrincipalIdentity {
  /** `AROA…` */
  readonly id: string;
  readonly createdAt: string;
}

/** The role session under which a call is made. CloudTrail records its name. */
export interface CallSession {
  /**
   * `timelatch-<grantId>`, or `timelatch-b-<start of the binding>` if no single grant causes the
   * call.
   */
  readonly sessionName: string;
  /** The person on whose behalf the call is made, or `timelatch`. */
  readonly sourceIdentity: string;
}

/** The role of a call: for groups, only UpdateAccessEntry; for the rest, the one for policies. */
export type GrantorRole = "policies" | "groups";

/** The entry that a call is about: its cluster and its principal. */
export interface EntryAddress {
  readonly cluster: ClusterArn;
  readonly principalArn: string;
}

/**
 * How a call failed.
 * - `refused`: AWS said no: bad input, no permission, no such cluster or policy. Some refusals
 *   pass; `domain/entries/refusal.ts` lists them.
 * - `throttled`: AWS did nothing, because there were too many calls or the invocation had no time
 *   left. It passes within seconds and does not count against the cluster.
 * - `busy`: AWS did nothing because it was unavailable, and may work later.
 * - `unknown`: no answer, or a server error. The call may have been applied, or may still be.
 */
export type Failure = "refused" | "throttled" | "busy" | "unknown";

/**
 * A call to AWS that failed. `code` is AWS's name for the error. Where EKS uses one name for
 * several causes, `code` is our own name, and the record keeps AWS's. With `ClusterNotFound`, the
 * cluster is gone, not only the entry. With `AuthenticationModeConfigMap`, the cluster takes no
 * access entries. With `InvalidPrincipal`, IAM does not know the principal, or not yet.
 */
export class CallFailed extends Error {
  override readonly name = "CallFailed";
  readonly failure: Failure;
  readonly code: string;
  readonly record: CallAnswer;
  constructor(failure: Failure, code: string, message: string, record: CallAnswer) {
    super(message);
    this.failure = failure;
    this.code = code;
    this.record = record;
  }
}

/** The answer of CreateAccessEntry. */
export interface CreatedEntry {
  readonly record: CallAnswer;
  /** Ends in a UUID, which distinguishes this entry from a recreated one. */
  readonly accessEntryArn: string;
  /** As EKS reports it, ISO 8601 UTC. */
  readonly createdAt: string;
}

/**
 * EKS access entries, and the IAM principals behind them, in a cluster's account.
 *
 * Every method assumes the grantor role in the given session. Changes return their record. All
 * throw CallFailed. A throttled change waits some seconds inside the call; nothing else is retried.
 *
 * **Reads are eventually consistent.** A read shows the state at some time within the last
 * `readLagSeconds`. A later read may show an older state. One `read` calls DescribeAccessEntry and
 * ListAssociatedAccessPolicies, which may each show another time. EKS may also check a change
 * against such a view, so a 404 or a 409 may be stale.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html docs/assumptions.md says
 * what we rely on.
 */
export interface AccessEntries {
  /**
   * Assumes the role of later calls in this session, so that they need not wait for it. A call that
   * comes meanwhile joins it. Changes nothing.
   */
  prepare(
    address: Pick<EntryAddress, "cluster">,
    session: CallSession,
    role: GrantorRole,
  ): Promise<void>;

  /**
   * The entry with its policies and groups; undefined unless it exists. Waits at most two seconds
   * when throttled, so that no removal waits for a read.
   */
  read(address: EntryAddress, session: CallSession): Promise<ActualEntry | undefined>;

  /**
   * The current principal behind the ARN; undefined unless it exists. A user, or a role in another
   * account than the cluster's, throws CallFailed `refused` with code `PrincipalUnreadable`.
   */
  principal(address: EntryAddress, session: CallSession): Promise<PrincipalIdentity | undefined>;

  /** The cluster as it is now; undefined for an unknown name. */
  cluster(cluster: ClusterArn, session: CallSession): Promise<ClusterDescription | undefined>;

  /**
   * Creates a STANDARD entry with our tags and without access. `token` is its client token and a
   * tag. It has no groups, because a create that lands late must give nobody access. If an entry
   * exists already, ours or not, throws CallFailed `refused` with code `ResourceInUseException`.
   * EKS may answer a token used before with an entry that no longer exists.
   */
  create(address: EntryAddress, session: CallSession, token: string): Promise<CreatedEntry>;

  /**
   * Sets all groups, under the grantor role for groups. Includes the username, because
   * UpdateAccessEntry resets what is left out. Null keeps the username that EKS generates.
   * https://github.com/hashicorp/terraform-provider-aws/issues/36480
   */
  updateGroups(
    address: EntryAddress,
    session: CallSession,
    groups: readonly string[],
    username: string | null,
  ): Promise<CallAnswer>;

  /** Associates the policy, or replaces the scope of its association. */
  associate(
    address: EntryAddress,
    session: CallSession,
    policyArn: string,
    scope: AccessScope,
  ): Promise<CallAnswer>;

  /** Removes the association. If EKS finds none, the record says `ResourceNotFoundException`. */
  disassociate(address: EntryAddress, session: CallSession, policyArn: string): Promise<CallAnswer>;

  /** Deletes the entry with all its associations. If EKS finds none, as for `disassociate`. */
  remove(address: EntryAddress, session: CallSession): Promise<CallAnswer>;
}
