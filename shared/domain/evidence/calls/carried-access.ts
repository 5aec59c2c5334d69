/**
 * Access that calls of ours set again for an entry's owner, and whether an event is its removal.
 *
 * A call sets everything on its target, also what the owner has there. If the owner deletes the entry
 * then, the call may still land and bring that back. So converge removes it, in the binding's session,
 * also while the grant is running. Usually there is nothing to remove.
 */
import { bindingKey } from "../../entries/binding.ts";
import { type Lag, landedBy, visibleFrom } from "../../entries/lag.ts";
import { bindingSessionName } from "../../entries/session-name.ts";
import { latest } from "../../values/instant.ts";
import { type EvidenceTimes, happenedWithin } from "../evidence-times.ts";
import {
  changeOf,
  type EntryOperation,
  isAboutEntry,
  type TrailEvent,
} from "../trail/trail-event.ts";
import type { CallIntent } from "./call-intent.ts";

export interface CarriedAccess {
  readonly clusterArn: string;
  readonly principalArn: string;
  /** An access policy's ARN, or `groups`. */
  readonly target: string;
  /** The session that removes it: the binding's. */
  readonly sessionName: string;
  /**
   * From when on it may be removed, and when its last removal has landed. ISO 8601 UTC. It is null while a grant
   * that the call served is not over: until then, no read may have shown that there is nothing to remove.
   */
  readonly from: string;
  readonly until: string | null;
  /** Ids of the requests that the call served. */
  readonly requestIds: readonly string[];
}

/** By request id, when its grant was over; null while it is not. */
export type Overs = Readonly<Record<string, string | null>>;

/** The access that the intended calls set again for the owner. */
export const carriedAccess = (
  intents: readonly CallIntent[],
  lag: Lag,
  overs: Overs,
): readonly CarriedAccess[] =>
  intents.flatMap(({ clusterArn, principalArn, calls, owners, from, until }) =>
    calls.flatMap(({ target, elements, requestIds }) => {
      const own = target === null ? [] : (owners[target] ?? []);
      if (target === null || !elements.some((element) => own.includes(element))) return [];
      return {
        clusterArn,
        principalArn,
        target,
        sessionName: bindingSessionName(bindingKey(clusterArn, principalArn)),
        from,
        until: removedBy(landedBy(visibleFrom(until, lag), lag), requestIds, lag, overs),
        requestIds,
      };
    }),
  );

/** The end of a grant waits for a read, so removals come no later than it. */
function removedBy(
  usual: string,
  requestIds: readonly string[],
  lag: Lag,
  overs: Overs,
): string | null {
  const ends = requestIds.map((id) => overs[id]);
  if (ends.includes(null)) return null;
  return latest([usual, ...ends.flatMap((at) => (at ? landedBy(at, lag) : []))]) ?? usual;
}

/** The operations that leave nothing on one target. */
const EMPTIES: ReadonlySet<EntryOperation> = new Set([
  "DisassociateAccessPolicy",
  "UpdateAccessEntry",
]);

/**
 * Whether the event is the removal of what a call set again, and found nothing. A removal that
 * takes something is not needless: it takes from a running grant, or is explained by one that is
 * over.
 */
export function isNeedlessRemoval(
  carried: CarriedAccess,
  event: TrailEvent,
  times: EvidenceTimes,
): boolean {
  const { target, elements } = changeOf(event);
  return (
    tookNothing(event) &&
    EMPTIES.has(event.operation) &&
    elements.length === 0 &&
    target === carried.target &&
    event.caller.sessionName === carried.sessionName &&
    isAboutEntry(event, carried.clusterArn, carried.principalArn) &&
    happenedWithin(event.eventTime, carried.from, carried.until ?? event.eventTime, times)
  );
}

/** EKS had no such entry or association. */
export const tookNothing = ({ errorCode }: TrailEvent): boolean =>
  errorCode === "ResourceNotFoundException";
