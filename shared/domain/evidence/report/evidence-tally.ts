/**
 * CloudTrail's account of a period, built from the records of evidence and findings one after the
 * other.
 */

import type { CallRecord } from "../../requests/evidence.ts";
import type { ArchivedRecord } from "../archive/archived-record.ts";
import { type CallState, recordedCallState } from "../calls/call-state.ts";
import { isExpected } from "../calls/expected-principal.ts";
import type { EvidenceRecord, Why } from "../evidence-record.ts";
import type { FindingCode, FindingRecord } from "../findings/finding-record.ts";
import { type EntryOperation, eventKeyOf, type TrailEvent } from "../trail/trail-event.ts";
import type { GivenEvent } from "./completeness.ts";
import { type ConfirmationClaim, eventFacts, isOwnCaller } from "./contradicted-events.ts";

/** A finding with what became of it. */
export interface ReportedFinding {
  readonly findingId: string;
  readonly code: FindingCode;
  /** When it happened: the event, or the call that CloudTrail does not show. */
  readonly happenedAt: string;
  readonly recordedAt: string;
  /** In words: `AssociateAccessPolicy by arn:…`. */
  readonly what: string;
  /** The access entry's principal; null where CloudTrail shows none. */
  readonly principalArn: string | null;
  readonly requestIds: readonly string[];
  readonly acknowledgedBy: readonly {
    readonly actor: string;
    readonly note: string;
    readonly at: string;
  }[];
}

/** An event of CloudTrail with the account of it. */
interface AccountedEvent extends GivenEvent {
  readonly eventTime: string;
  /** The hash of what the record says of it. */
  readonly facts: string;
  /** Whether the record may say this of such a caller. */
  readonly isFit: boolean;
}

/** A call that only CloudTrail shows, and what explains it. */
export interface ReportedExplanation {
  readonly why: Why;
  readonly eventId: string;
  readonly eventTime: string;
  readonly operation: EntryOperation;
  /** Null where CloudTrail has no id of the call. */
  readonly eksRequestId: string | null;
  /** The session's ARN. */
  readonly by: string | null;
  /** The requests that it served. */
  readonly requestIds: readonly string[];
}

type Confirmation = Pick<ConfirmationClaim, "eventId" | "eventTime" | "sha256"> & {
  /** The chains that have it: ids of requests, or the session of a binding. */
  readonly chains: readonly string[];
};

export interface EvidenceTally {
  /** By EKS's request id: the event that confirms the call. */
  readonly confirmed: ReadonlyMap<string, Confirmation>;
  /** EKS's request ids. */
  readonly missing: ReadonlySet<string>;
  /** Events by their keys, each once. */
  readonly explained: ReadonlyMap<string, AccountedEvent>;
  readonly found: ReadonlyMap<string, AccountedEvent>;
  readonly expected: ReadonlyMap<string, AccountedEvent>;
  /** Oldest first. */
  readonly explanations: readonly ReportedExplanation[];
  /** Oldest first. */
  readonly findings: readonly ReportedFinding[];
  /** The state of a call by EKS's request id. */
  stateOf(eksRequestId: string): CallState;
}

type Finding = Omit<ReportedFinding, "acknowledgedBy">;
type Acknowledgements = ReportedFinding["acknowledgedBy"];

/** Keeps what a report needs of each record, and nothing else. */
export function evidenceTally(): EvidenceTally & { add(one: ArchivedRecord): void } {
  const confirmed = new Map<string, Confirmation>();
  const missing = new Set<string>();
  const explained = new Map<string, AccountedEvent>();
  const explanations = explanationList();
  const found = new Map<string, AccountedEvent>();
  const expected = new Map<string, AccountedEvent>();
  const findings = new Map<string, Finding>();
  const acknowledgements = new Map<string, Acknowledgements>();

  const addEvidence = ({ type, details, requestId }: EvidenceRecord) => {
    if (type === "confirmed") {
      confirmed.set(details.eksRequestId, confirmation(confirmed, details, requestId));
    } else if (type === "missing") missing.add(details.eksRequestId);
    else if (type === "explained") {
      explained.set(details.eventKey, explainedEvent(details));
      explanations.add(requestId, details);
    }
  };
  const addFinding = (record: FindingRecord) => {
    const { type, details } = record;
    if (type === "expected") expected.set(details.eventKey, expectedEvent(details));
    else if (type === "acknowledgement") {
      const { findingId, actor, note } = details;
      const before = acknowledgements.get(findingId) ?? [];
      acknowledgements.set(findingId, [...before, { actor, note, at: record.at }]);
    } else {
      findings.set(details.findingId, findingOf(record.at, details));
      if ("event" in details) found.set(details.eventKey, accounted(details.event));
    }
  };
  return {
    ...{ confirmed, missing, explained, found, expected },
    get explanations() {
      return explanations.all();
    },
    get findings() {
      return [...findings.values()]
        .map((one) => ({ ...one, acknowledgedBy: acknowledgements.get(one.findingId) ?? [] }))
        .sort((a, b) => (a.happenedAt < b.happenedAt ? -1 : 1));
    },
    stateOf(id) {
      if (confirmed.has(id) || explanations.hasCall(id)) return "confirmed";
      return missing.has(id) ? "missing" : "unconfirmed";
    },
    add({ chain, record }) {
      if (chain.startsWith("EVID#")) addEvidence(record as EvidenceRecord);
      else if (chain.startsWith("FIND#")) addFinding(record as FindingRecord);
    },
  };
}

type Explained = (EvidenceRecord & { type: "explained" })["details"];

/** An event that served several requests is in the evidence of each. */
function explanationList() {
  const byEvent = new Map<string, ReportedExplanation>();
  const calls = new Set<string | null>();
  return {
    hasCall: (eksRequestId: string) => calls.has(eksRequestId),
    add(requestId: string, { why, eventKey, event }: Explained) {
      const { eventTime, operation, eksRequestId, caller } = event;
      const requestIds = [...(byEvent.get(eventKey)?.requestIds ?? []), requestId];
      const known = { why, eventId: eventKey, eventTime, operation, eksRequestId, requestIds };
      byEvent.set(eventKey, { ...known, by: caller.arn });
      calls.add(eksRequestId);
    },
    all: () => [...byEvent.values()].sort((a, b) => (a.eventTime < b.eventTime ? -1 : 1)),
  };
}

type Confirmed = (EvidenceRecord & { type: "confirmed" })["details"];

/** A call that served several requests is in the chain of each. */
const confirmation = (
  before: EvidenceTally["confirmed"],
  { eksRequestId, eventId, eventTime, sha256 }: Confirmed,
  chain: string,
): Confirmation => ({
  ...{ eventId, eventTime, sha256 },
  chains: [...(before.get(eksRequestId)?.chains ?? []), chain],
});

/** Only events of our own roles have an explanation. */
const explainedEvent = ({ why, event }: Explained): AccountedEvent =>
  accounted(event, isOwnCaller(event.caller, why === "fuse" ? "fuse" : "grantor"));

type Expected = (FindingRecord & { type: "expected" })["details"];

/** Only the principal that a record names can make its change. */
const expectedEvent = (details: Expected): AccountedEvent =>
  accounted(details.event, isExpected(details, details.event.caller));

/** The key stands for the event's id, so that a corrected record is the event that it corrects. */
const accounted = (event: TrailEvent, isFit = true): AccountedEvent => ({
  eventId: eventKeyOf(event),
  addendum: null,
  operation: event.operation,
  errorCode: event.errorCode,
  eventTime: event.eventTime,
  facts: eventFacts(event),
  isFit,
});

function findingOf(
  recordedAt: string,
  details: (FindingRecord & { type: "finding" })["details"],
): Finding {
  const { findingId, code, requestIds } = details;
  const known = { findingId, code, requestIds, recordedAt };
  if (!("event" in details)) {
    const { calledAt, eksRequestId, principalArn } = details;
    const what = `CloudTrail does not show the call ${eksRequestId}`;
    return { ...known, happenedAt: calledAt, what, principalArn };
  }
  const { eventTime, operation, caller, principalArn } = details.event;
  const what = `${operation} by ${caller.arn ?? caller.invokedBy ?? caller.type}`;
  return { ...known, happenedAt: eventTime, what, principalArn };
}

/** How the calls of one request stand. */
export interface CallCounts {
  readonly made: number;
  readonly confirmed: number;
  readonly unconfirmed: number;
  readonly missing: number;
}

/** @param tally what the records say of each call */
export function callCounts(calls: readonly CallRecord[], tally: EvidenceTally): CallCounts {
  const states = calls.map((call) => recordedCallState(call, tally.stateOf));
  const count = (wanted: string) => states.filter((state) => state === wanted).length;
  return {
    made: calls.length,
    confirmed: count("confirmed"),
    unconfirmed: count("unconfirmed"),
    missing: count("missing"),
  };
}
