/**
 * Records of evidence and findings in OCSF 1.8.0. A finding is a Detection Finding. CloudTrail's events
 * that are no calls on record are API Activity. Confirmations belong to their calls: `ocsf.ts`.
 * https://schema.ocsf.io/1.8.0/classes/detection_finding
 */
import { clusterOf } from "../../values/arn.ts";
import type { ArchivedRecord } from "../archive/archived-record.ts";
import type { EvidenceRecord } from "../evidence-record.ts";
import {
  type AcknowledgementRecord,
  clusterInChain,
  type FindingCode,
  type FindingRecord,
  type FoundRecord,
} from "../findings/finding-record.ts";
import { eventKeyOf, type TrailCaller, type TrailEvent } from "../trail/trail-event.ts";
import {
  apiActivity,
  base,
  cloudAt,
  clusterResource,
  EKS,
  FAILURE,
  METADATA,
  type OcsfEvent,
  OTHER,
  PERSON,
  SUCCESS,
  SYSTEM,
  when,
} from "./ocsf-parts.ts";

/**
 * The record in OCSF. Empty for a confirmation, for a missing call, which has a finding, and for a
 * summary of activity.
 *
 * @param archived a line of the archive, of a chain `EVID#…` or `FIND#…`
 */
export function ocsfRecord({ chain, record }: ArchivedRecord): readonly OcsfEvent[] {
  const one = record as EvidenceRecord | FindingRecord;
  const metadata = {
    ...METADATA,
    uid: `${chain}.${one.seq}`,
    sequence: one.seq,
  };
  switch (one.type) {
    case "finding":
      return [ocsfFinding(one, metadata)];
    case "acknowledgement":
      return [ocsfAcknowledgement(one, metadata)];
    case "expected":
      return [ocsfTrail(one, one.details.eventKey, `expected: ${one.details.reason}`, metadata)];
    case "explained":
      return [ocsfTrail(one, one.requestId, `explained by ${one.details.why}`, metadata)];
    default:
      return [];
  }
}

type Metadata = typeof METADATA & { readonly uid: string; readonly sequence: number };

const FINDINGS = 2;
const DETECTION_FINDING = 2004;
const [CREATE, UPDATE] = [1, 2];
const NEW = 1;
const [MEDIUM, HIGH, CRITICAL] = [3, 4, 5];

/** By code: a title, and how severe. A holder of a grantor role can lend themselves access. */
const CODES: Readonly<Record<FindingCode, readonly [title: string, severity: number]>> = {
  "grantor-outside-call": ["A role that lends access was used from outside", CRITICAL],
  "fuse-outside-schedule": ["The role of a fuse was used from outside", HIGH],
  "forged-request-id": ["CloudTrail contradicts a call on record", HIGH],
  "outside-change": ["An access entry was changed from outside", HIGH],
  "taken-with-entry": ["An access entry was deleted with what others had just added", HIGH],
  "missing-event": ["CloudTrail does not show a call", MEDIUM],
};

function ocsfFinding(record: FoundRecord, metadata: Metadata): OcsfEvent {
  const { chain, at, details } = record;
  const { code, findingId, requestIds } = details;
  const [title, severity] = CODES[code];
  const isMissing = details.code === "missing-event";
  const happened = isMissing ? details.calledAt : details.event.eventTime;
  return {
    ...base(FINDINGS, DETECTION_FINDING, CREATE, NEW, severity),
    ...when(at),
    ...placeOf(chain, isMissing ? undefined : details.event),
    start_time: Date.parse(happened),
    message: title,
    metadata: {
      ...metadata,
      correlation_uid: requestIds[0] ?? findingId,
      ...(isMissing ? {} : { original_event_uid: details.event.eventId }),
    },
    finding_info: { uid: findingId, title, types: [code], created_time: Date.parse(at) },
    resources: resourcesOf(chain, isMissing ? details.principalArn : details.event.principalArn),
    evidences: [evidenceOf(details)],
    unmapped: { ...hashesOf(record), request_ids: requestIds },
  };
}

function evidenceOf(details: FoundRecord["details"]) {
  if (details.code === "missing-event") {
    const { eksRequestId, calledAt } = details;
    return { data: { eks_request_id: eksRequestId, called_at: calledAt } };
  }
  const { event, target, before, after, differs, taken } = details;
  const deleted = taken && {
    deleted_at: taken.at,
    deleted_by: taken.eksRequestId,
    deleted_for: taken.requestIds,
  };
  return {
    ...callOf(event),
    data: { policy_arn: event.policyArn, target, before, after, differs, ...deleted },
  };
}

/** The finding as it then is: somebody has looked at it, which resolves nothing by itself. */
function ocsfAcknowledgement(record: AcknowledgementRecord, metadata: Metadata): OcsfEvent {
  const { chain, at, details } = record;
  const { findingId, actor, note } = details;
  return {
    ...base(FINDINGS, DETECTION_FINDING, UPDATE, OTHER, MEDIUM),
    status: "acknowledged",
    ...when(at),
    ...placeOf(chain, undefined),
    message: `acknowledged by ${actor}`,
    comment: note,
    metadata: { ...metadata, correlation_uid: findingId },
    finding_info: { uid: findingId, title: "A finding was acknowledged" },
    resources: resourcesOf(chain, null),
    unmapped: { ...hashesOf(record), actor },
  };
}

/** CloudTrail's event itself, and why it is no finding. */
function ocsfTrail(
  record: Extract<FindingRecord | EvidenceRecord, { readonly details: { event: TrailEvent } }>,
  correlation: string,
  message: string,
  metadata: Metadata,
): OcsfEvent {
  const { event } = record.details;
  const { operation, errorCode, eventTime, clusterArn, principalArn } = event;
  return {
    ...base(...apiActivity(operation), errorCode === null ? SUCCESS : FAILURE),
    ...when(eventTime),
    ...cloudAt(event),
    message,
    ...(errorCode === null ? {} : { status_code: errorCode }),
    metadata: {
      ...metadata,
      correlation_uid: correlation,
      original_event_uid: eventKeyOf(event),
    },
    ...callOf(event),
    resources: clusterArn === null ? [] : resourcesOf(`${clusterArn}#`, principalArn),
    unmapped: { ...hashesOf(record), policy_arn: event.policyArn, scope: event.scope },
  };
}

/** The caller and the call, with its source. */
function callOf({ operation, eksRequestId, errorCode, caller, sourceIp }: TrailEvent) {
  return {
    actor: {
      user: userOf(caller),
      ...(caller.sessionName === null ? {} : { session: { uid: caller.sessionName } }),
    },
    api: {
      operation,
      service: EKS,
      ...(eksRequestId === null ? {} : { request: { uid: eksRequestId } }),
      ...(errorCode === null ? {} : { response: { error: errorCode } }),
    },
    src_endpoint: endpointOf(sourceIp ?? caller.invokedBy),
  };
}

function userOf({ arn, roleArn, invokedBy, type }: TrailCaller) {
  const uid = roleArn ?? arn;
  return {
    name: arn ?? invokedBy ?? type,
    ...(uid === null ? {} : { uid }),
    type,
    type_id: CALLER_TYPES[type] ?? UNKNOWN,
  };
}

const [UNKNOWN, ADMIN] = [0, 2];

/** By CloudTrail's type of caller. Behind a role may be a person, a pipeline or a service. */
const CALLER_TYPES: Readonly<Record<string, number>> = {
  IAMUser: PERSON,
  IdentityCenterUser: PERSON,
  Root: ADMIN,
  AWSService: SYSTEM,
};

const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]*:[\da-f:.]*)$/i;

/** CloudTrail has a service's name in place of an address where AWS made the call. */
const endpointOf = (source: string | null) =>
  source !== null && ADDRESS.test(source) ? { ip: source } : { svc_name: source ?? "unknown" };

const PLACE = /^(?<account>\d{12})\/(?<region>[a-z\d-]+)#/;

/** The place of the event. A chain that names no cluster has the account and the region. */
function placeOf(chain: string, event: TrailEvent | undefined) {
  const cluster = clusterInChain(chain);
  if (cluster !== null) return cloudAt(clusterOf(cluster));
  const { account = "", region = "" } = event ?? PLACE.exec(chain)?.groups ?? {};
  return account === "" ? {} : cloudAt({ account, region });
}

const AFFECTED = 3;

/** The cluster, and the principal whose access entry is meant. */
function resourcesOf(chain: string, principalArn: string | null) {
  const cluster = clusterInChain(chain);
  return [
    ...(cluster === null ? [] : [clusterResource(cluster)]),
    ...(principalArn === null ? [] : [principalResource(principalArn)]),
  ];
}

const principalResource = (arn: string) => ({
  uid: arn,
  type: arn.includes(":user/") ? "AWS::IAM::User" : "AWS::IAM::Role",
  role_id: AFFECTED,
});

const hashesOf = ({ hash, previousHash }: Pick<FindingRecord, "hash" | "previousHash">) => ({
  hash,
  previous_hash: previousHash,
});
