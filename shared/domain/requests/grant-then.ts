/** A grant at an instant of the past, by its audit events. Instants are ISO 8601 UTC. */
import { type AuditEvent, endProofIn } from "./audit-event.ts";
import { type GrantOnRecord, grantOnRecord, heldEvents } from "./grant-on-record.ts";
import { startOf } from "./grant-time.ts";
import type { AccessRequest } from "./request.ts";

/**
 * - `approved`: it was to begin by then, and no read had shown its access yet.
 * - `active`: a read had shown its access, and nothing had begun to end it.
 * - `ending`: its end had begun, and no read had proven it yet.
 * - `unknown`: its record claims the cluster, and its events do not bear out what it was then.
 */
export const STATES_THEN = ["active", "ending", "approved", "unknown"] as const;

export type StateThen = (typeof STATES_THEN)[number];

/** The members of a grant that may have been there. Only those of its record, where its events say nothing. */
export interface GrantThen
  extends Pick<
    AccessRequest,
    "id" | "requester" | "principalArn" | "access" | "startsAt" | "approvedAt" | "revokeAt"
  > {
  readonly state: StateThen;
  /** When the step was stored after the first read that showed its access; null for none. */
  readonly effectiveAt: string | null;
  /** When the read began that proves its end; null while no read has. */
  readonly goneAt: string | null;
}

/**
 * The grant as it was at an instant. No event behind one that does not hold is believed.
 *
 * @param record names the request; its other members are used only where its events say nothing
 * @param events the request's events, oldest first, in whatever form
 * @returns undefined where it lent nothing then: before its start, and from the read that proves its end
 */
export function grantThen(
  record: Pick<
    AccessRequest,
    "id" | "requester" | "cluster" | "principalArn" | "access" | "startsAt"
  >,
  events: readonly AuditEvent[],
  at: string,
): GrantThen | undefined {
  const held = heldEvents(record.id, events);
  const grant = grantOnRecord(record.id, held);
  if (!grant || grant.cluster.arn !== record.cluster.arn) return unknownThen(record);
  const then = { ...membersOf(grant, held), goneAt: goneAt(held) };
  if (then.goneAt !== null && then.goneAt <= at) return undefined;
  // Events behind a break may be older than the instant, and say anything.
  const isKnown = held.length === events.length || held.some((event) => event.at > at);
  if (!isKnown) return { ...then, state: "unknown" };
  const state = stateThen(grant, held, at);
  return state && { ...then, state };
}

function stateThen(
  grant: GrantOnRecord,
  held: readonly AuditEvent[],
  at: string,
): Exclude<StateThen, "unknown"> | undefined {
  const { approvedAt, effectiveAt } = grant;
  if (approvedAt === null || approvedAt > at) return undefined;
  if (held.some((event) => event.to === "ending" && event.at <= at)) return "ending";
  if (effectiveAt !== null && effectiveAt <= at) return "active";
  return (startOf(grant) ?? at) > at ? undefined : "approved";
}

/** An end is proven by a read, which is older than the event. A grant that never began needs no read. */
function goneAt(held: readonly AuditEvent[]): string | null {
  const last = held.find(({ to }) => to === "ended" || to === "failed");
  return last ? (endProofIn(last)?.readAt ?? last.at) : null;
}

function membersOf(grant: GrantOnRecord, held: readonly AuditEvent[]) {
  const { id, principalArn, access, startsAt, approvedAt, effectiveAt } = grant;
  const [first] = held;
  const requester = first?.type === "request" ? first.details.requester : "";
  return { id, requester, principalArn, access, startsAt, approvedAt, effectiveAt, ...ends(held) };
}

const ends = (held: readonly AuditEvent[]): Pick<AccessRequest, "revokeAt"> => {
  const fixed = held.flatMap((event) =>
    event.type === "approve" && event.details.revokeAt ? event.details.revokeAt : [],
  );
  return { revokeAt: fixed[0] ?? null };
};

function unknownThen({
  id,
  requester,
  principalArn,
  access,
  startsAt,
}: Parameters<typeof grantThen>[0]): GrantThen {
  const nothing = { approvedAt: null, revokeAt: null, effectiveAt: null, goneAt: null };
  return { id, requester, principalArn, access, startsAt, ...nothing, state: "unknown" };
}
