/** Obstacles: facts that rule out access for every grant of a binding, and how sure they are. Pure. */
import { obstacleOf } from "../../domain/clusters/cluster-facts.ts";
import type { ActualEntry } from "../../domain/entries/actual-entry.ts";
import { gone } from "../../domain/entries/element-sight.ts";
import { withAllTargets } from "../../domain/entries/knowledge.ts";
import { type Lag, visibleFrom } from "../../domain/entries/lag.ts";
import { type Ledger, type Refusal, TAG_TOKEN } from "../../domain/entries/ledger.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { CallFailed } from "../../ports/access-entries.ts";
import type { Subject } from "./look-up-subject.ts";

/** EKS seems to answer the same `createdAt` every time; one second allows for rounding. */
const SAME_CREATION_SECONDS = 1;

/** IAM's `CreateDate` has whole seconds. */
const ROUNDING_SECONDS = 1;

/** The obstacle that the failure of a read shows: EKS says that the cluster holds no access entries. */
export function impossibleBy({ code }: CallFailed, name: string): Refusal | undefined {
  if (code === "ClusterNotFound") return obstacleOf(name, { description: null });
  if (code !== "AuthenticationModeConfigMap") return undefined;
  return obstacleOf(name, { description: { createdAt: "", authenticationMode: "CONFIG_MAP" } });
}

/** The obstacle that the lookup shows; undefined without one. */
export function obstacleIn(
  { cluster, principal }: Subject,
  entry: ActualEntry | undefined,
  ledger: Ledger,
  clusterName: string,
): Refusal | undefined {
  if (cluster.kind === "gone") return obstacleOf(clusterName, { description: null });
  if (cluster.kind === "known" && isAnotherCluster(cluster.createdAt, ledger))
    return CLUSTER_RECREATED;
  if (principal.kind === "gone") return PRINCIPAL_GONE;
  if (principal.kind !== "known") return undefined;
  if (ledger.principalId !== null && ledger.principalId !== principal.id)
    return PRINCIPAL_RECREATED;
  return isDead(entry, principal.createdAt, ledger) ? DEAD_ENTRY : undefined;
}

const isAnotherCluster = (createdAt: string, { clusterCreatedAt }: Ledger): boolean =>
  clusterCreatedAt !== null &&
  Math.abs(secondsBetween(clusterCreatedAt, createdAt)) > SAME_CREATION_SECONDS;

/**
 * An access entry is tied to the principal that existed when it was created. Someone else's entry
 * that is older than the principal grants it no access, and is not ours to replace.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
function isDead(entry: ActualEntry | undefined, createdAt: string, ledger: Ledger): boolean {
  if (!entry || entry.createdAt >= createdAt) return false;
  const isOurs = ledger.entry.owned && entry.accessEntryArn === ledger.entry.arn;
  return !isOurs && !ledger.entry.tokens.includes(entry.tags[TAG_TOKEN] ?? "");
}

/**
 * Whether the principal or cluster was created after the request, so the request meant another one.
 * A role that seems older, but within the difference of two clocks, may be newer: it needs a new
 * request.
 */
export function successorOf(
  { cluster, principal }: Subject,
  { createdAt }: AccessRequest,
  { clockDifferenceSeconds }: Lag,
): Refusal | undefined {
  if (cluster.kind === "known" && cluster.createdAt > createdAt) return CLUSTER_RECREATED;
  const oldest = plusSeconds(createdAt, -(ROUNDING_SECONDS + clockDifferenceSeconds));
  const isYounger = principal.kind === "known" && principal.createdAt > oldest;
  return isYounger ? PRINCIPAL_YOUNGER : undefined;
}

export interface Confirmed {
  readonly ledger: Ledger;
  /** The obstacle, once two looks at least one read lag apart have shown it. */
  readonly certain: Refusal | undefined;
  /** When the second look is possible; undefined if nothing is in doubt. */
  readonly againAt: string | undefined;
}

/**
 * A step that cannot be undone needs two looks, because one read may be stale or incomplete.
 *
 * @param obstacle the one that this look shows; undefined if all is well
 */
export function confirm(
  ledger: Ledger,
  obstacle: Refusal | undefined,
  askedAt: string,
  lag: Lag,
): Confirmed {
  const { doubt } = ledger;
  if (!obstacle)
    return { ledger: { ...ledger, doubt: null }, certain: undefined, againAt: undefined };
  const since = doubt?.code === obstacle.code ? doubt.since : askedAt;
  const againAt = visibleFrom(since, lag);
  return {
    ledger: { ...ledger, doubt: { code: obstacle.code, since } },
    certain: askedAt >= againAt ? obstacle : undefined,
    againAt: askedAt >= againAt ? undefined : againAt,
  };
}

/**
 * The same for a read that says that no entry can exist. Once that is certain, nothing is on the entry. An open
 * call may still land on a new cluster of the same name. Until then the ledger keeps the effects that calls may
 * have.
 */
export function seenGone(before: Ledger, obstacle: Refusal, begunAt: string, lag: Lag): Confirmed {
  const confirmed = confirm(before, obstacle, begunAt, lag);
  if (!confirmed.certain) return confirmed;
  const { ledger } = confirmed;
  const entry = { ...ledger.entry, arn: null, bornAt: null, owned: false };
  const visible = visibleFrom(begunAt, lag);
  const without = withAllTargets({ ...ledger, entry }, (element) =>
    gone(element, begunAt, visible),
  );
  return { ...confirmed, ledger: without };
}

/** Whether a read that shows an obstacle is the second look. */
export const isSecondLook = (
  { doubt }: Ledger,
  { code }: Refusal,
  begunAt: string,
  lag: Lag,
): boolean => doubt?.code === code && begunAt >= visibleFrom(doubt.since, lag);

/** The facts that a lookup is compared with. */
interface Beside {
  /** As the last read showed it. */
  readonly entry: ActualEntry | undefined;
  readonly clusterName: string;
  readonly lag: Lag;
}

/** The same for a lookup. Also records principal and cluster in the ledger when they are first seen. */
export function confirmSubject(
  before: Ledger,
  subject: Subject,
  { entry, clusterName, lag }: Beside,
): Confirmed {
  const { principal, cluster } = subject;
  const obstacle = obstacleIn(subject, entry, before, clusterName);
  const ledger: Ledger = {
    ...before,
    principalId: before.principalId ?? (principal.kind === "known" ? principal.id : null),
    clusterCreatedAt:
      before.clusterCreatedAt ?? (cluster.kind === "known" ? cluster.createdAt : null),
  };
  // Without an answer nothing is proven, so the doubt stays as it is.
  if (!obstacle && isUnavailable(subject))
    return { ledger, certain: undefined, againAt: undefined };
  return confirm(ledger, obstacle, subject.askedAt, lag);
}

/** Whether we do not know the principal that would get access, or the cluster. */
export const isUnavailable = ({ principal, cluster }: Subject): boolean =>
  principal.kind === "unavailable" || cluster.kind === "unavailable";

const CLUSTER_RECREATED: Refusal = {
  code: "cluster-gone",
  detail:
    "The cluster was deleted and created again under the same name. Nothing was granted on the new one; ask again for it.",
};

const DEAD_ENTRY: Refusal = {
  code: "entry-dead",
  detail:
    "The principal's access entry is older than the principal itself, so EKS gives nobody access by it. Nothing is granted through it. Whoever made the entry deletes it with: aws eks delete-access-entry. Then ask again.",
};

const PRINCIPAL_RECREATED: Refusal = {
  code: "principal-recreated",
  detail:
    "The role was deleted and created again under the same name. Nothing was granted to the new one; ask again for it.",
};

const PRINCIPAL_YOUNGER: Refusal = {
  code: "principal-recreated",
  detail:
    "The role was created after the request, or seconds before it, so it may be another one of that name. Nothing was granted to it; ask again for it.",
};

const PRINCIPAL_GONE: Refusal = {
  code: "principal-gone",
  detail:
    "The principal no longer exists in IAM. Nothing is granted to it; ask again for a principal that exists.",
};
