import {
  type AcknowledgementRecord,
  clusterInChain,
  type EventFinding,
  type FoundRecord,
} from "../evidence/findings/finding-record.ts";
import type { ElementSet } from "../values/element-set.ts";
import type { StepEvent } from "./bus-event.ts";
import { findingSubject } from "./subject.ts";

/** A finding and its acknowledgements, each with the finding as it stands now. */
export function findingEvents(
  finding: FoundRecord,
  acknowledgements: readonly AcknowledgementRecord[],
): readonly StepEvent[] {
  const { findingId } = finding.details;
  const state = acknowledgements.length > 0 ? ("acknowledged" as const) : ("open" as const);
  const summary = { ...summaryOf(finding), state };
  return [finding, ...acknowledgements].map((record) => ({
    subject: findingSubject(findingId),
    seq: record.seq,
    type: record.type,
    at: record.at,
    detail: {
      id: `${findingId}#${record.seq}`,
      findingId,
      event: stepOf(record),
      finding: summary,
    },
  }));
}

/** The proof of who acted is left out: it is for auditors only. */
function stepOf({ seq, at, type, details, hash }: FoundRecord | AcknowledgementRecord) {
  const [actor, own] = "actor" in details ? [details.actor, { note: details.note }] : [OURS, {}];
  return { seq, type, actor, at, details: own, hash };
}

/** The recorder of every finding. */
const OURS = "timelatch";

/** The part of a finding that a receiver reads. The audit table and the archive have all of it. */
function summaryOf({ chain, at, details }: FoundRecord) {
  const { code, requestIds } = details;
  const common = { code, clusterArn: clusterInChain(chain), recordedAt: at, requestIds };
  if (details.code !== "missing-event") return { ...common, ...changeIn(details) };
  const { principalArn, calledAt, eksRequestId } = details;
  return { ...common, ...NO_CHANGE, principalArn, happenedAt: calledAt, eksRequestId };
}

/** Nothing more is known here of a call that CloudTrail does not show. */
const NO_CHANGE = {
  operation: null,
  target: null,
  before: null,
  after: null,
  differs: [],
  taken: null,
  caller: null,
  sourceIp: null,
  userAgent: null,
  errorCode: null,
  eventId: null,
} as const;

function changeIn({ event, target, before, after, differs, taken }: EventFinding) {
  const { operation, principalArn, caller, sourceIp, userAgent, errorCode } = event;
  const { arn, type, sourceIdentity, invokedBy } = caller;
  return {
    operation,
    principalArn,
    target,
    before: shortened(before),
    after: shortened(after),
    differs,
    taken: taken ?? null,
    caller: { arn, type, sourceIdentity, invokedBy },
    sourceIp,
    userAgent,
    errorCode,
    happenedAt: event.eventTime,
    eksRequestId: event.eksRequestId,
    eventId: event.eventId,
  };
}

/**
 * More elements than this are counted. An event of the bus has at most 256 KB, and whoever makes a
 * change chooses how much it names.
 */
const MOST_ELEMENTS = 50;

const shortened = (elements: ElementSet | null) =>
  elements && { count: elements.length, elements: elements.slice(0, MOST_ELEMENTS) };
