import { admit } from "../domain/admission.ts";
import { isInTime } from "../domain/claim.ts";
import { secondsBetween } from "../domain/instant.ts";
import { bearsOurToken, type Ledger } from "../domain/ledger.ts";
import type { AccessRequest } from "../domain/request.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import type { GrantBook } from "./grant-book.ts";
import type { PassMemory } from "./pass-memory.ts";
import type { Principal, Readable } from "./read-entry.ts";

/** Why a grant gets nothing. */
export interface Verdict {
  readonly code: string;
  readonly detail: string;
}

export interface JudgedGrants {
  /** May add access. */
  readonly admitted: ReadonlySet<string>;
  /** Are live, but may add nothing: policy gates what is added, and never takes away. */
  readonly kept: ReadonlySet<string>;
  /** Are to fail, once none of their access is there. */
  readonly refused: ReadonlyMap<string, Verdict>;
  /** Whether a grant waits: for a policy that is being deployed, or for AWS to take it back. */
  readonly waiting: boolean;
}

interface Before {
  readonly ledger: Ledger;
  readonly reading: Readable;
  readonly memory: PassMemory;
  readonly now: string;
}

/**
 * Decides for every grant of the binding what it may do in this pass. Grants whose cluster or
 * principal is gone are withdrawn here.
 */
export async function judgeGrants(
  ports: ConvergePorts,
  book: GrantBook,
  { ledger, reading, memory, now }: Before,
): Promise<JudgedGrants> {
  const admitted = new Set<string>();
  const kept = new Set<string>();
  const refused = new Map<string, Verdict>();
  let waiting = false;
  const obstacle = obstacleIn(reading, ledger);
  for (const grant of book.open) {
    if (!isInTime(grant, now)) continue;
    if (obstacle) {
      if (grant.state === "approved") refused.set(grant.id, obstacle);
      else await withdraw(book, grant, obstacle, now);
      continue;
    }
    if (grant.state === "active" && !Object.hasOwn(ledger.deadlines, grant.id)) {
      await withdraw(book, grant, NEVER_BEGUN, now);
      continue;
    }
    const successor = grant.state === "approved" ? successorIn(reading, grant) : undefined;
    if (successor) {
      refused.set(grant.id, successor);
      continue;
    }
    if (isUnread(reading)) {
      if (grant.state === "active") kept.add(grant.id);
      waiting = true;
      continue;
    }
    const admission = admit(ports.policy, grant, ports.settings, now);
    const rejection = memory.rejected.get(grant.id);
    if (rejection && grant.state === "approved") refused.set(grant.id, rejection);
    else if (rejection) {
      kept.add(grant.id);
      waiting = true;
    } else if (admission.admitted) admitted.add(grant.id);
    else if (grant.state === "active") kept.add(grant.id);
    else if (isBetweenPolicies(ports, grant, now)) waiting = true;
    else refused.set(grant.id, admission);
  }
  return { admitted, kept, refused, waiting };
}

/** Whether it is not known whom or where access would be given to. */
const isUnread = (reading: Readable): boolean =>
  reading.kind === "read" &&
  (reading.principal.kind === "unread" || reading.cluster.kind === "unread");

/** Whether the principal or the cluster is younger than the request, and so not what it was about. */
function successorIn(reading: Readable, { createdAt }: AccessRequest): Verdict | undefined {
  if (reading.kind !== "read") return undefined;
  const { cluster, principal } = reading;
  if (cluster.kind === "known" && cluster.createdAt > createdAt) return CLUSTER_RECREATED;
  if (principal.kind === "known" && principal.createdAt > createdAt)
    return PRINCIPAL_OBSTACLES.recreated;
  return undefined;
}

/** What keeps every grant of the binding from having access at all. */
function obstacleIn(reading: Readable, ledger: Ledger): Verdict | undefined {
  if (reading.kind === "impossible") return { code: reading.code, detail: reading.detail };
  const { cluster, principal } = reading;
  const { clusterCreatedAt } = ledger;
  if (cluster.kind === "known" && clusterCreatedAt && cluster.createdAt !== clusterCreatedAt)
    return CLUSTER_RECREATED;
  if (isDead(reading, ledger)) return DEAD_ENTRY;
  return PRINCIPAL_OBSTACLES[principal.kind];
}

/**
 * An entry is bound to the principal of its time. One of others that is older than the principal
 * lets nobody in, and is not ours to replace.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
function isDead(
  { actual, principal }: Extract<Readable, { readonly kind: "read" }>,
  ledger: Ledger,
): boolean {
  if (!actual || principal.kind !== "known" || actual.createdAt >= principal.createdAt)
    return false;
  const ours = ledger.owned && actual.accessEntryArn === ledger.accessEntryArn;
  return !ours && !bearsOurToken(ledger, actual.tags);
}

const NEVER_BEGUN: Verdict = {
  code: "never-begun",
  detail:
    "Its record says that it is active, and no access was ever begun for it. Nothing was granted; look into who wrote the record.",
};

const CLUSTER_RECREATED: Verdict = {
  code: "cluster-gone",
  detail:
    "The cluster was deleted and created anew under the same name. Nothing was carried over to the new one; ask again for it.",
};

const DEAD_ENTRY: Verdict = {
  code: "entry-dead",
  detail:
    "The principal's access entry is older than the principal itself, so that EKS lets nobody in by it. Nothing was granted. Whoever made the entry deletes it: aws eks delete-access-entry; then ask again.",
};

const PRINCIPAL_OBSTACLES: Readonly<Partial<Record<Principal["kind"], Verdict>>> = {
  recreated: {
    code: "principal-recreated",
    detail:
      "The role was deleted and created anew under the same name. Nothing was carried over to the new one; ask again for it.",
  },
  gone: {
    code: "principal-gone",
    detail:
      "IAM knows no such principal any more. Nothing was given to another; ask again for one that there is.",
  },
};

async function withdraw(book: GrantBook, grant: AccessRequest, why: Verdict, now: string) {
  const { code, detail } = why;
  await book.step(grant.id, { type: "withdraw", at: now, changes: { outcome: { code, detail } } });
}

/** A deployment replaces functions at different moments, so two policies may meet for a while. */
function isBetweenPolicies(
  { policy, settings }: ConvergePorts,
  grant: AccessRequest,
  now: string,
): boolean {
  return (
    grant.policyHash !== policy.hash &&
    grant.approvedAt !== null &&
    secondsBetween(grant.approvedAt, now) < settings.policySkewSeconds
  );
}
