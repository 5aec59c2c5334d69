/** The broker's records of the grants on one access entry, for the rules of evidence. */
import { reachOf } from "../../domain/entries/access.ts";
import type { Lag } from "../../domain/entries/lag.ts";
import { bindingSessionName, grantSessionName } from "../../domain/entries/session-name.ts";
import type { ArmedFuse } from "../../domain/evidence/calls/armed-fuse.ts";
import type { LentAccess } from "../../domain/evidence/calls/lent-access.ts";
import { grantEnds } from "../../domain/evidence/calls/lent-access.ts";
import { happenedSince, isAfterEnd } from "../../domain/evidence/evidence-times.ts";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import type { GrantOnRecord } from "../../domain/requests/grant-on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { type ElementSet, setOf } from "../../domain/values/element-set.ts";
import { earliest, plusSeconds } from "../../domain/values/instant.ts";

/** A grant as its history has it, and the ends that its record claims: converge goes by an earlier one. */
type LentGrant = GrantOnRecord & Pick<AccessRequest, "revokeAt" | "expiresAt">;

/** A grant with its history. */
export interface GrantOnEntry {
  readonly grant: LentGrant;
  readonly history: readonly AuditEvent[];
  /**
   * When a run was first about to add its access; null where none was. A grant that adds nothing to
   * what others on the entry have has no intent. ISO 8601 UTC.
   */
  readonly intendedAt: string | null;
}

/**
 * The access that each grant had lent, and what a removal must leave at an instant. Later grants had
 * lent nothing yet. Until a read has proven a grant's access, that may stay, and need not. The same holds
 * while a call that was sent before may still land, since the grant was not there when it was sent.
 * Access of a grant whose end is proven may not stay: a call that sets it again removes nothing.
 *
 * The owner's own access may stay as well, and need not: the owner may have given it up since it
 * was last known. A narrowing whose call is not on record is reported where it leaves more of the
 * owner's than that. So is one that leaves less than a running grant has, because somebody else or a
 * late call of ours took some of it away.
 *
 * @param owners by target, the owner's elements as last known
 */
export function lentAccess(
  all: readonly GrantOnEntry[],
  binding: string,
  at: string,
  times: Pick<Lag, "clockDifferenceSeconds" | "landsWithinSeconds">,
  owners: Readonly<Record<string, ElementSet>>,
): readonly LentAccess[] {
  const sentAt = plusSeconds(at, -times.landsWithinSeconds - times.clockDifferenceSeconds);
  const each = all
    .filter(({ grant, intendedAt }) =>
      happenedSince(at, intendedAt ?? grant.approvedAt ?? grant.createdAt, times),
    )
    .map(({ grant, history, intendedAt }) => {
      const over = overFrom(grant, history, intendedAt !== null);
      return {
        grant,
        ...reachOf(grant.access, grant.cluster.arn),
        overFrom: over,
        isOver: over !== null && happenedSince(at, over, times),
        isCertain: wasActiveBefore(history, sentAt),
        isGone: isAfterEnd(at, endOf(history)),
      };
    });
  const elementsOf = (target: string, those: typeof each): ElementSet =>
    setOf(those.flatMap((one) => (one.target === target ? one.elements : [])));
  const running = each.filter(({ isOver, isCertain }) => isCertain && !isOver);
  const there = each.filter(({ isGone }) => !isGone);
  const counted = each.filter(({ isOver, isCertain }) => isCertain || isOver);
  return counted.map(({ grant, target, overFrom: over }) => ({
    requestId: grant.id,
    clusterArn: grant.cluster.arn,
    principalArn: grant.principalArn,
    target,
    sessionNames: [grantSessionName(grant.id), bindingSessionName(binding)],
    overFrom: over,
    mustStay: elementsOf(target, running),
    mayStay: setOf([...elementsOf(target, there), ...(owners[target] ?? [])]),
  }));
}

/** Whether a read had proven the grant's access by then. */
const wasActiveBefore = (history: readonly AuditEvent[], at: string): boolean =>
  history.some((event) => event.to === "active" && event.at < at);

/** When the end of a grant was stored; undefined while it has not ended. */
export const endOf = (history: readonly AuditEvent[]): string | undefined =>
  history.find(({ to }) => to === "ended")?.at;

/** States before any access. */
const WAITING: ReadonlySet<AuditEvent["to"]> = new Set(["pending", "approved"]);

/**
 * The instant since which a grant may lose its access; null while it may not. Converge removes what it refuses, or
 * withdraws, also before it can store that. So a grant that was never active may lose its access from its approval
 * on, and one that was withdrawn since the stop that ended it, or since it was active. While it is only approved, and
 * no run was about to add it, it has nothing to lose, as before its start.
 */
export function overFrom(
  grant: LentGrant,
  history: readonly AuditEvent[],
  isIntended: boolean,
): string | null {
  const active = history.find(({ to }) => to === "active");
  if (!active) {
    const isWaiting = !isIntended && history.every(({ to }) => WAITING.has(to));
    return isWaiting ? null : (grant.approvedAt ?? grant.createdAt);
  }
  const ended = history.flatMap((event) => {
    if (event.to !== "ending") return [];
    return event.type === "withdraw" ? (event.details.since ?? active.at) : event.at;
  });
  return earliest([...grantEnds("revokeAt", grant, history), ...ended]) ?? null;
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
  all.flatMap(({ grant, history }) =>
    grantEnds("expiresAt", grant, history).map((expiresAt) => {
      const at = plusSeconds(expiresAt, fuseDelaySeconds);
      return {
        clusterArn: grant.cluster.arn,
        principalArn: grant.principalArn,
        target: reachOf(grant.access, grant.cluster.arn).target,
        roleArn,
        at,
        until: plusSeconds(at, FUSE_TRIES_SECONDS),
        requestIds: [grant.id],
      };
    }),
  );

/** Ids of the grants whose access may have been on the entry at an instant. */
export const grantsAt = (all: readonly GrantOnEntry[], at: string): readonly string[] =>
  all.flatMap(({ grant: { id, approvedAt, endedAt } }) =>
    approvedAt !== null && approvedAt <= at && (endedAt === null || endedAt >= at) ? id : [],
  );
