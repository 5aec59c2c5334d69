/** What keeps every grant of a binding from having access at all, and how sure that is. */
import { obstacleOf } from "../../domain/clusters/cluster-facts.ts";
import type { ActualEntry } from "../../domain/entries/actual-entry.ts";
import { type Lag, visibleFrom } from "../../domain/entries/lag.ts";
import { type Ledger, type Refusal, TAG_TOKEN } from "../../domain/entries/ledger.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../domain/values/instant.ts";
import type { Subject } from "./look-up-subject.ts";

/** EKS answers the same `createdAt` for ever, as far as is known: a second is granted for rounding. */
const SAME_CREATION_SECONDS = 1;

/** IAM's `CreateDate` has whole seconds. */
const ROUNDING_SECONDS = 1;

/** The obstacle that a look at the subject shows; undefined where there is none. */
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
 * An entry is bound to the principal of its time. One of others that is older than the principal
 * lets nobody in, and is not ours to replace.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
function isDead(entry: ActualEntry | undefined, createdAt: string, ledger: Ledger): boolean {
  if (!entry || entry.createdAt >= createdAt) return false;
  const isOurs = ledger.entry.owned && entry.accessEntryArn === ledger.entry.arn;
  return !isOurs && !ledger.entry.tokens.includes(entry.tags[TAG_TOKEN] ?? "");
}

/**
 * Whether the principal or the cluster is younger than the request, and so not what it was about.
 * A role that looks older by less than two clocks may differ may be younger: ask again for it.
 */
export function successorOf(
  { cluster, principal }: Subject,
  { createdAt }: AccessRequest,
  { clockDifferenceSeconds }: Lag,
): Refusal | undefined {
  if (cluster.kind === "known" && cluster.createdAt > createdAt) return CLUSTER_RECREATED;
  const oldest = plusSeconds(createdAt, -(ROUNDING_SECONDS + clockDifferenceSeconds));
  const isYounger = principal.kind === "known" && principal.createdAt > oldest;
  return isYounger ? PRINCIPAL_RECREATED : undefined;
}

export interface Confirmed {
  readonly ledger: Ledger;
  /** The obstacle, once two looks show it that are a read lag apart. */
  readonly certain: Refusal | undefined;
  /** When the second look can be; undefined where nothing is in doubt. */
  readonly againAt: string | undefined;
}

/**
 * What cannot be taken back needs two looks: one read may show the past, or miss what is there.
 *
 * @param obstacle what this look shows; undefined where it shows that all is well
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

const CLUSTER_RECREATED: Refusal = {
  code: "cluster-gone",
  detail:
    "The cluster was deleted and created again under the same name. Nothing was carried over to the new one; ask again for it.",
};

const DEAD_ENTRY: Refusal = {
  code: "entry-dead",
  detail:
    "The principal's access entry is older than the principal itself, so that EKS lets nobody in by it. Nothing was granted. Whoever made the entry deletes it with: aws eks delete-access-entry. Then ask again.",
};

const PRINCIPAL_RECREATED: Refusal = {
  code: "principal-recreated",
  detail:
    "The role was deleted and created again under the same name. Nothing was carried over to the new one; ask again for it.",
};

const PRINCIPAL_GONE: Refusal = {
  code: "principal-gone",
  detail:
    "IAM knows no such principal any more. Nothing was given to another; ask again for one that exists.",
};
