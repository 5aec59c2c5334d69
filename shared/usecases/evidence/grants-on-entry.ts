/** What the broker's records say of the grants on one access entry, for the rules of evidence. */
import { reachOf } from "../../domain/entries/access.ts";
import { bindingSessionName, grantSessionName } from "../../domain/entries/session-name.ts";
import type { ArmedFuse } from "../../domain/evidence/armed-fuse.ts";
import type { LentAccess } from "../../domain/evidence/lent-access.ts";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { type ElementSet, setOf } from "../../domain/values/element-set.ts";
import { earliest, plusSeconds } from "../../domain/values/instant.ts";

/** A grant with its history. */
export interface GrantOnEntry {
  readonly grant: AccessRequest;
  readonly history: readonly AuditEvent[];
}

/**
 * What each grant had lent, and what a removal must leave at an instant. The baseline of the
 * entry's owner is in the ledger, which only converge may read. So a narrowing that leaves the
 * owner's elements, and whose call is not on record, is reported.
 */
export function lentAccess(
  all: readonly GrantOnEntry[],
  binding: string,
  at: string,
): readonly LentAccess[] {
  const each = all.map(({ grant, history }) => ({
    grant,
    ...reachOf(grant.access, grant.cluster.arn),
    overFrom: overFrom(grant, history),
  }));
  const others = (target: string, counts: (overFrom: string | null) => boolean): ElementSet =>
    setOf(
      each.flatMap((one) => (one.target === target && counts(one.overFrom) ? one.elements : [])),
    );
  return each.map(({ grant, target, overFrom: over }) => ({
    requestId: grant.id,
    clusterArn: grant.cluster.arn,
    principalArn: grant.principalArn,
    target,
    sessionNames: [grantSessionName(grant.id), bindingSessionName(binding)],
    overFrom: over,
    mustStay: others(target, (from) => from === null || from > at),
    mayStay: others(target, () => true),
  }));
}

/**
 * From when on a grant was over; null while it is not. A grant that failed should never have had
 * access, so its access may be removed from its approval on.
 */
function overFrom(
  { state, revokeAt, approvedAt, createdAt }: AccessRequest,
  history: readonly AuditEvent[],
): string | null {
  if (state === "failed") return approvedAt ?? createdAt;
  const ended = history.find(({ to }) => to === "ending")?.at;
  return earliest([revokeAt, ended].filter((at) => at !== null && at !== undefined)) ?? null;
}

/** How long Scheduler retries a fuse, in seconds: `MaximumEventAgeInSeconds`, and its own minute. */
const FUSE_TRIES_SECONDS = 3_660;

/**
 * The fuses that may have been armed: one for each end of a grant. Derived from the grants, because
 * only converge may read the ledger, which has them by name. A fuse can only remove. So one that
 * was replaced explains no more than a removal after a grant's end.
 */
export const armedFuses = (
  all: readonly GrantOnEntry[],
  roleArn: string,
  fuseDelaySeconds: number,
): readonly ArmedFuse[] =>
  all.flatMap(({ grant: { id, access, cluster, principalArn, expiresAt } }) => {
    if (expiresAt === null) return [];
    const at = plusSeconds(expiresAt, fuseDelaySeconds);
    return {
      clusterArn: cluster.arn,
      principalArn,
      target: reachOf(access, cluster.arn).target,
      roleArn,
      at,
      until: plusSeconds(at, FUSE_TRIES_SECONDS),
      requestIds: [id],
    };
  });

/** Ids of the grants whose access may have been on the entry at an instant. */
export const grantsAt = (all: readonly GrantOnEntry[], at: string): readonly string[] =>
  all.flatMap(({ grant: { id, approvedAt, endedAt } }) =>
    approvedAt !== null && approvedAt <= at && (endedAt === null || endedAt >= at) ? id : [],
  );
