/**
 * Records of events held against CloudTrail's own files. An id says nothing: whoever can add records can
 * name any event. So each fact that a record claims must be the file's.
 */
import type { CallRecord } from "../../requests/evidence.ts";
import { isGrantorRole, parsePrincipalArn } from "../../values/arn.ts";
import { hashOf } from "../../values/canonical-json.ts";
import { eventKeyOf, type TrailEvent } from "../trail/trail-event.ts";

/** A record's claim about the event that confirms a call. */
export interface ConfirmationClaim {
  readonly eksRequestId: string;
  readonly eventId: string;
  readonly eventTime: string;
  readonly sha256: string;
  /** The call in the request's history; undefined for one that is in none. */
  readonly call?: Pick<CallRecord, "operation" | "sessionName" | "result"> | undefined;
  /** Whether files of the period would have the event. */
  readonly isDue?: boolean;
}

/** The claim of a record that shows an event. */
export interface EventClaim {
  readonly eventKey: string;
  readonly facts: string;
  /** Whether the record may say this of such a caller. */
  readonly isFit?: boolean;
  /** Whether files of the period would have the event. */
  readonly isDue?: boolean;
}

/** Whether the caller's role has the name of a grantor role, or of a fuse role, of some deployment. */
export function isOwnCaller({ roleArn }: TrailEvent["caller"], kind: "grantor" | "fuse"): boolean {
  const role = roleArn === null ? undefined : parsePrincipalArn(roleArn);
  if (role === undefined) return false;
  const deployment = role.name.replace(/-(?:grantor|grantor-groups|fuse)$/, "");
  return kind === "fuse" ? role.name === `${deployment}-fuse` : isGrantorRole(role, deployment);
}

/** The hash of what CloudTrail says of an event, in fields that every release has. */
export function eventFacts(event: TrailEvent): string {
  const { operation, eksRequestId, eventTime, account, region, errorCode, sha256 } = event;
  const { clusterArn, principalArn, policyArn, scope, groups, username } = event;
  const { type, arn, roleArn, sessionName, sourceIdentity, invokedBy } = event.caller;
  return hashOf({
    call: { operation, eksRequestId, eventTime, account, region, errorCode, sha256 },
    change: { clusterArn, principalArn, policyArn, scope, groups, username },
    caller: { type, arn, roleArn, sessionName, sourceIdentity, invokedBy },
  });
}

/**
 * Keys of events of which a record says something else than the files, or which the files lack. A corrected event has
 * several records in the files; a claim must fit one of them.
 *
 * @param files events of CloudTrail's own files
 */
export function contradictedEvents(
  files: readonly TrailEvent[],
  confirmations: readonly ConfirmationClaim[],
  claims: readonly EventClaim[],
): readonly string[] {
  const given = Map.groupBy(files, eventKeyOf);
  const wrong = new Set<string>();
  const judge = (
    key: string,
    { isDue = false }: Pick<EventClaim, "isDue">,
    fits: (event: TrailEvent) => boolean,
  ) => {
    const events = given.get(key);
    if (events ? !events.some(fits) : isDue) wrong.add(key);
  };
  for (const claim of confirmations) judge(claim.eventId, claim, (event) => confirms(event, claim));
  for (const claim of claims)
    judge(
      claim.eventKey,
      claim,
      (event) => (claim.isFit ?? true) && eventFacts(event) === claim.facts,
    );
  return [...wrong].sort();
}

/** Only calls of grantor roles are calls of ours. */
const confirms = (event: TrailEvent, claim: ConfirmationClaim): boolean =>
  isOwnCaller(event.caller, "grantor") &&
  event.eksRequestId === claim.eksRequestId &&
  event.eventTime === claim.eventTime &&
  event.sha256 === claim.sha256 &&
  (claim.call === undefined ||
    (event.operation === claim.call.operation &&
      event.caller.sessionName === claim.call.sessionName &&
      (event.errorCode === null) === (claim.call.result === "ok")));
