/**
 * Audit events and their calls in the Open Cybersecurity Schema Framework, version 1.8.0. The event
 * itself stays the source of truth: OCSF is a view for tools that read it.
 * https://schema.ocsf.io/1.8.0
 */
import { reachOf } from "../../entries/access.ts";
import {
  type AuditEvent,
  behalfIn,
  callsIn,
  type EventType,
  escalationIn,
  lessIn,
} from "../../requests/audit-event.ts";
import type { EscalatedTerms } from "../../requests/escalated-terms.ts";
import type { CallRecord } from "../../requests/evidence.ts";
import { isFinal } from "../../requests/lifecycle.ts";
import type { LessenedTerms } from "../../requests/request.ts";
import { clusterOf } from "../../values/arn.ts";
import {
  actorOf,
  apiActivity,
  askerType,
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
  when,
} from "./ocsf-parts.ts";

/** CloudTrail's account of a call. */
export interface OcsfConfirmation {
  readonly eventId: string;
  readonly sourceIp: string | null;
}

/** Maps the events of any number of requests. It keeps the terms of those that more can follow. */
export interface OcsfMapper {
  /**
   * The event in OCSF, then the calls that it records.
   *
   * @param event of each request, all events in order from its first
   * @throws Error where a request's first event is missing
   */
  map(event: AuditEvent): readonly OcsfEvent[];
}

type Terms = Extract<AuditEvent, { type: "request" }>["details"];

/** The terms of a request, by which event it began to end, and whether its review is open. */
interface Story {
  readonly terms: Terms;
  readonly endedBy: EventType | null;
  readonly isReviewed: boolean;
}

/** @param confirmationOf what CloudTrail says of the call with this request id, if it is known */
export function ocsfMapper(
  confirmationOf: (eksRequestId: string) => OcsfConfirmation | undefined = () => undefined,
): OcsfMapper {
  const stories = new Map<string, Story>();
  return {
    map(event) {
      const story = storyAfter(stories.get(event.requestId), event);
      if (isFinal(event.to) && story.isReviewed) stories.delete(event.requestId);
      else stories.set(event.requestId, story);
      const calls = callsIn(event).map((call, index) => {
        const id = call.requestId;
        return ocsfCall(event, story, call, index, id === null ? undefined : confirmationOf(id));
      });
      return [ocsfStep(event, story), ...calls];
    },
  };
}

const ENDS: ReadonlySet<EventType> = new Set(["cancel", "return", "revoke", "expire", "withdraw"]);

function storyAfter(before: Story | undefined, event: AuditEvent): Story {
  if (event.type === "request") return { terms: event.details, endedBy: null, isReviewed: true };
  if (!before) throw new Error(`The first event of ${event.requestId} is missing.`);
  if (event.type === "approve" && event.details.review) return { ...before, isReviewed: false };
  if (event.type === "review") return { ...before, isReviewed: true };
  const less = lessIn(event);
  if (less) return { ...before, terms: { ...before.terms, ...termsIn(less) } };
  const escalation = escalationIn(event);
  if (escalation) return { ...before, terms: { ...before.terms, ...glassTermsIn(escalation) } };
  return ENDS.has(event.type) ? { ...before, endedBy: event.type } : before;
}

const termsIn = ({ access, durationSeconds }: LessenedTerms): LessenedTerms => ({
  access,
  durationSeconds,
});

const glassTermsIn = ({ rule, durationSeconds, startsAt }: EscalatedTerms) => ({
  rule,
  durationSeconds,
  startsAt,
});

const IAM = 3;
const [ENTITY_MANAGEMENT, USER_ACCESS] = [3004, 3005] as const;

interface Meaning {
  readonly classUid: typeof ENTITY_MANAGEMENT | typeof USER_ACCESS;
  readonly activity: number;
  readonly statusId: number;
}

const UPDATE: Meaning = { classUid: ENTITY_MANAGEMENT, activity: 3, statusId: SUCCESS };

/** The life of a request is that of a managed entity; access itself is given and taken. */
const MEANINGS: Readonly<Record<EventType, Meaning>> = {
  request: { ...UPDATE, activity: 1 },
  approve: UPDATE,
  deny: { ...UPDATE, statusId: FAILURE },
  escalate: UPDATE,
  cancel: UPDATE,
  lapse: UPDATE,
  activate: { classUid: USER_ACCESS, activity: 1, statusId: SUCCESS },
  extend: UPDATE,
  refuse: { classUid: USER_ACCESS, activity: 1, statusId: FAILURE },
  return: UPDATE,
  revoke: UPDATE,
  expire: UPDATE,
  withdraw: UPDATE,
  settle: { classUid: USER_ACCESS, activity: 2, statusId: SUCCESS },
  evidence: UPDATE,
  attempt: { ...UPDATE, statusId: FAILURE },
  review: UPDATE,
};

function ocsfStep(event: AuditEvent, story: Story): OcsfEvent {
  const { classUid, activity, statusId } = MEANINGS[event.type];
  const { details, hash, previousHash, policyHash } = event;
  const behalf = behalfIn(event);
  const own = classUid === USER_ACCESS ? accessOf(story.terms) : entityOf(event, story.terms);
  return {
    ...base(IAM, classUid, activity, statusId),
    ...when(event.at),
    ...cloudOf(story.terms),
    metadata: metadataOf(event, String(event.seq)),
    message: `${event.type} by ${event.actor}${behalf ? ` on behalf of ${behalf.person}` : ""}`,
    status_detail: event.type === "settle" ? (story.endedBy ?? event.type) : event.type,
    ...("code" in details ? { status_code: details.code } : {}),
    ...("why" in details ? { status_code: details.why } : {}),
    actor: { user: actorOf(event.actor, typeOf(event.actor, story.terms)) },
    ...own,
    unmapped: {
      hash,
      previous_hash: previousHash,
      policy_hash: policyHash,
      ...(behalf ? { on_behalf_of: behalf.person, delegation_id: behalf.delegation } : {}),
    },
  };
}

/** A history says of its asker whether it is a machine. Others in it decide, which no machine does. */
const typeOf = (actor: string, terms: Terms) =>
  actor === terms.requester ? askerType(terms) : PERSON;

const metadataOf = (event: AuditEvent, part: string) => ({
  ...METADATA,
  uid: `${event.requestId}.${part}`,
  correlation_uid: event.requestId,
  sequence: event.seq,
});

const cloudOf = ({ cluster }: Terms) => cloudAt(clusterOf(cluster.arn));

function entityOf({ requestId, seq, to, details }: AuditEvent, terms: Terms) {
  const entity = { type: "Access Request", type_id: OTHER, uid: requestId };
  const note = "note" in details ? details.note : undefined;
  const comment = "reason" in details ? details.reason : note;
  const { principalArn, access, durationSeconds, rule, cluster } = terms;
  return {
    // The class has no member for resources.
    entity: { ...entity, data: { cluster, principalArn, access, durationSeconds, rule } },
    entity_result: { ...entity, name: to, version: String(seq) },
    ...(comment === undefined ? {} : { comment }),
  };
}

/** Each element that is lent, as one privilege: `AmazonEKSViewPolicy ns/payments`, or `group/ops`. */
function accessOf(terms: Terms) {
  const { access, cluster, principalArn, requester } = terms;
  const { elements } = reachOf(access, cluster.arn);
  return {
    user: { name: requester, uid: principalArn, type_id: askerType(terms) },
    privileges: elements.map((each) => ("policy" in access ? `${access.policy} ${each}` : each)),
    resources: resourcesOf(terms),
  };
}

const resourcesOf = ({ cluster }: Terms) => [clusterResource(cluster.arn, cluster.name)];

function ocsfCall(
  event: AuditEvent,
  { terms }: Story,
  call: CallRecord,
  index: number,
  confirmation: OcsfConfirmation | undefined,
): OcsfEvent {
  const isDone = call.result === "ok";
  const { operation, requestId, sessionName } = call;
  return {
    ...base(...apiActivity(operation), isDone ? SUCCESS : FAILURE),
    ...when(call.at),
    ...cloudOf(terms),
    metadata: {
      ...metadataOf(event, `${event.seq}.${index}`),
      ...(confirmation ? { original_event_uid: confirmation.eventId } : {}),
    },
    ...(isDone ? {} : { status_code: call.result }),
    actor: { user: actorOf("timelatch"), session: { uid: sessionName } },
    api: {
      operation,
      service: EKS,
      ...(requestId === null ? {} : { request: { uid: requestId } }),
      ...(isDone ? {} : { response: { error: call.result } }),
    },
    src_endpoint: confirmation?.sourceIp
      ? { ip: confirmation.sourceIp }
      : { svc_name: "timelatch" },
    resources: resourcesOf(terms),
  };
}
