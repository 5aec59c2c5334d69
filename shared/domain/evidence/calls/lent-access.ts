/**
 * The access that one grant had lent, and whether an event took it away. A removal has no intent.
 */
import { GROUPS } from "../../entries/access.ts";
import { scopeCovers } from "../../entries/scope.ts";
import type { AuditEvent } from "../../requests/audit-event.ts";
import type { AccessRequest } from "../../requests/request.ts";
import { type ElementSet, EMPTY } from "../../values/element-set.ts";
import { type EvidenceTimes, happenedSince } from "../evidence-times.ts";
import {
  changeOf,
  type EntryOperation,
  isAboutEntry,
  type TrailEvent,
} from "../trail/trail-event.ts";
import { tookNothing } from "./carried-access.ts";

export interface LentAccess {
  readonly requestId: string;
  readonly clusterArn: string;
  readonly principalArn: string;
  /** An access policy's ARN, or `groups`. */
  readonly target: string;
  /** The sessions that remove it: the grant's own, and the binding's. */
  readonly sessionNames: readonly string[];
  /** The time from which the grant was over; null while it is not. ISO 8601 UTC. */
  readonly overFrom: string | null;
  /** Elements on the target that a removal must leave: of running grants, and of the entry's owner. */
  readonly mustStay: ElementSet;
  /** Those, and elements of other grants whose own removal is under way. */
  readonly mayStay: ElementSet;
}

/** Whether an operation that changes one target can take something from another. */
const REACHES: Readonly<Record<EntryOperation, (lent: string, changed: string | null) => boolean>> =
  {
    DisassociateAccessPolicy: (lent, changed) => lent === changed,
    AssociateAccessPolicy: (lent, changed) => lent === changed,
    UpdateAccessEntry: (lent, changed) => lent === GROUPS && lent === changed,
    DeleteAccessEntry: () => true,
    CreateAccessEntry: () => false,
  };

/**
 * The grants whose access the event took away: they were over, and what must stay did. One removal
 * may serve several grants, in the session of one of them. Deleting the entry takes from every
 * grant on it, so all of them must be over.
 *
 * @param all what every grant on the event's entry had lent
 */
export function takenAway(
  all: readonly LentAccess[],
  event: TrailEvent,
  times: EvidenceTimes,
): readonly LentAccess[] {
  const reached = all.filter((lent) => isReached(lent, event));
  const taken = reached.filter((lent) => isRemoval(lent, event, times));
  if (event.operation === "DeleteAccessEntry" && taken.length < reached.length) return [];
  const { sessionName } = event.caller;
  const isOwnSession = taken.some((lent) => lent.sessionNames.some((name) => name === sessionName));
  return isOwnSession ? taken : [];
}

function isReached(lent: LentAccess, event: TrailEvent): boolean {
  const changed = isUnread(event) ? lent.target : changeOf(event).target;
  return (
    isAboutEntry(event, lent.clusterArn, lent.principalArn) &&
    REACHES[event.operation](lent.target, changed)
  );
}

const isRemoval = (lent: LentAccess, event: TrailEvent, times: EvidenceTimes): boolean =>
  lent.overFrom !== null &&
  happenedSince(event.eventTime, lent.overFrom, times) &&
  (isUnread(event) || leavesRest(lent, event));

/** A narrower scope leaves something. To leave nothing is another operation. */
function leavesRest({ mustStay, mayStay }: LentAccess, event: TrailEvent): boolean {
  const left = event.operation === "DeleteAccessEntry" ? EMPTY : changeOf(event).elements;
  const isNarrower = event.operation !== "AssociateAccessPolicy" || left.length > 0;
  // Somebody else had removed it then, also what a running grant should have.
  const stays = tookNothing(event) || scopeCovers(left, mustStay);
  return isNarrower && stays && scopeCovers(mayStay, left);
}

const isUnread = ({ clusterArn }: TrailEvent): boolean => clusterArn === null;

/**
 * All ends of one kind that a grant had. Functions that face people can write its record. Converge
 * keeps to the times of the approval even so: no later one counts, and its fuse stays armed. Empty
 * while nobody has approved the request.
 *
 * @returns ISO 8601 UTC, each once
 */
export function grantEnds(
  kind: "revokeAt" | "expiresAt",
  grant: Pick<AccessRequest, "revokeAt" | "expiresAt">,
  history: readonly AuditEvent[],
): readonly string[] {
  const approved = history.map((event) => event.type === "approve" && event.details[kind]);
  const ends = [grant[kind], ...approved].filter((end) => typeof end === "string");
  return [...new Set(ends)];
}
