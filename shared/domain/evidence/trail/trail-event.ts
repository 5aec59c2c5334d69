/**
 * A CloudTrail record of a call that changes an access entry, parsed and normalised.
 * `parse-trail-event.ts` makes it. Every text from outside is bounded.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { GROUPS, groupElements } from "../../entries/access.ts";
import { scopeElements } from "../../entries/scope.ts";
import type { AccessScope } from "../../requests/request.ts";
import { type ElementSet, EMPTY } from "../../values/element-set.ts";

/** EKS's calls that change an access entry. */
export const ENTRY_OPERATIONS = [
  "CreateAccessEntry",
  "UpdateAccessEntry",
  "DeleteAccessEntry",
  "AssociateAccessPolicy",
  "DisassociateAccessPolicy",
] as const;

export type EntryOperation = (typeof ENTRY_OPERATIONS)[number];

export interface TrailEvent {
  /** CloudTrail's own id of the record. */
  readonly eventId: string;
  /** EKS's id of the call: the SDK shows the same. Null where CloudTrail does not name it. */
  readonly eksRequestId: string | null;
  /** When EKS completed the call, by its clock, in whole seconds. ISO 8601 UTC. */
  readonly eventTime: string;
  readonly operation: EntryOperation;
  /** The account and region in which it happened. */
  readonly account: string;
  readonly region: string;
  /** Null only where the call failed before EKS read its parameters. */
  readonly clusterArn: string | null;
  /** Null only where the call failed before EKS read its parameters. */
  readonly principalArn: string | null;
  /** The access policy of AssociateAccessPolicy and DisassociateAccessPolicy. */
  readonly policyArn: string | null;
  /** The access scope of AssociateAccessPolicy. */
  readonly scope: AccessScope | null;
  /** The Kubernetes groups that the entry then has; null if the call leaves them as they are. */
  readonly groups: readonly string[] | null;
  /** The Kubernetes username that the call sets; null if it sets none. */
  readonly username: string | null;
  readonly caller: TrailCaller;
  /** AWS's name for the error: see `wasRefused`. */
  readonly errorCode: string | null;
  readonly sourceIp: string | null;
  /** Cut after 256 characters. The caller chooses it, so it proves nothing. */
  readonly userAgent: string | null;
  /** Why the record is late or corrected; null for an ordinary one. */
  readonly addendum: TrailAddendum | null;
  /**
   * SHA-256 in hex over the RFC 8785 form of the whole record. EventBridge, LookupEvents and the
   * trail's files in S3 write the same record with other spaces and orders. RFC 8785 gives it one form,
   * so an auditor gets this hash from any of them.
   * `jq -jcS 'walk(if type == "number" then . + 0 else . end)' record.json | sha256sum`
   */
  readonly sha256: string;
}

/** The caller: CloudTrail's `userIdentity`. */
export interface TrailCaller {
  /** `AssumedRole`, `IAMUser`, `Root`, `AWSService` and others. */
  readonly type: string;
  /** The session's ARN of a role, or the user's. */
  readonly arn: string | null;
  readonly accountId: string | null;
  /** The role behind a session. */
  readonly roleArn: string | null;
  readonly sessionName: string | null;
  readonly sourceIdentity: string | null;
  readonly accessKeyId: string | null;
  /** The AWS service that made the call for itself. */
  readonly invokedBy: string | null;
}

export interface TrailAddendum {
  /** `DELIVERY_DELAY`, `UPDATED_DATA` or `SERVICE_OUTAGE`. */
  readonly reason: string;
  readonly originalRequestId: string | null;
  readonly originalEventId: string | null;
}

/**
 * Names what happened, however often CloudTrail says so. Duplicates have the same event id. A
 * corrected record names the event that it corrects. A second event with a known key changes nothing.
 */
export const eventKeyOf = ({
  eventId,
  addendum,
}: Pick<TrailEvent, "eventId" | "addendum">): string => addendum?.originalEventId ?? eventId;

/** The change that a call makes: the target, and all elements on it afterwards. */
export interface EntryChange {
  /** An access policy's ARN or `groups`; null if the call is about the entry itself. */
  readonly target: string | null;
  readonly elements: ElementSet;
}

/**
 * The change of the event's call, in the words of a plan. Creating without groups sets only the
 * entry.
 */
export function changeOf({ operation, policyArn, scope, groups }: TrailEvent): EntryChange {
  if (policyArn !== null)
    return { target: policyArn, elements: scope === null ? EMPTY : scopeElements(scope) };
  const isBare = operation === "CreateAccessEntry" && groups?.length === 0;
  if (groups === null || isBare) return { target: null, elements: EMPTY };
  return { target: GROUPS, elements: groupElements(groups) };
}

/**
 * Whether the event is about this access entry. CloudTrail shows no parameters of a call that
 * failed early. Such an event changed nothing, and may be about any entry.
 */
export const isAboutEntry = (
  { clusterArn, principalArn, errorCode }: TrailEvent,
  cluster: string,
  principal: string,
): boolean =>
  (clusterArn === cluster && principalArn === principal) ||
  (clusterArn === null && errorCode !== null);

/**
 * EKS's own faults, such as ServerException and ServiceUnavailable, and our name for an answer that lacks a member:
 * the call may have been carried out.
 */
const SERVER_FAULT = /server|internal|unavailable|timeout|IncompleteAnswer/i;

/**
 * Whether EKS refused a call, so that it changed nothing. An error of the 5xx class does not say so.
 * https://docs.aws.amazon.com/eks/latest/APIReference/CommonErrors.html
 */
export const wasRefused = (errorCode: string): boolean => !SERVER_FAULT.test(errorCode);

declare const BY_ITS_ERROR: unique symbol;

/** That EKS refused a call, by the error that it answered. Only `refusalOf` makes one. */
export interface Refusal {
  readonly errorCode: string;
  readonly [BY_ITS_ERROR]: true;
}

/** Undefined where the error does not say that the call changed nothing. */
export const refusalOf = (errorCode: string): Refusal | undefined =>
  wasRefused(errorCode) ? ({ errorCode } as Refusal) : undefined;

/** Says that a call changed nothing: only a refusal allows it. */
export const notChanged = (_refusal: Refusal): string => ", so nothing was changed";

/** The clause after an error's name that says whether the call changed anything. */
export function answerMeans(errorCode: string): string {
  const refusal = refusalOf(errorCode);
  return refusal ? notChanged(refusal) : ", which does not say whether anything was changed";
}
