/**
 * CloudTrail's account of a period, built from the records of evidence and findings one after the
 * other.
 */

import type { CallRecord } from "../../requests/evidence.ts";
import type { ArchivedRecord } from "../archive/archived-record.ts";
import { type CallState, recordedCallState } from "../calls/call-state.ts";
import type { EvidenceRecord, Why } from "../evidence-record.ts";
import type { FindingCode, FindingRecord } from "../findings/finding-record.ts";
import type { EntryOperation } from "../trail/trail-event.ts";
import { type ClaimedEvents, claimedEvents } from "./claimed-events.ts";
import type { ConfirmationClaim } from "./contradicted-events.ts";

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
  /** The claims of records about events. */
  readonly claimed: ClaimedEvents;
  /** Oldest first. */
  readonly explanations: readonly ReportedExplanation[];
  /** Oldest first. */
  readonly findings: readonly ReportedFinding[];
  /** The state of a call by EKS's request id. */
  stateOf(eksRequestId: string): CallState;
  /** Records whose details have a form that Timelatch does not write, a sentence each. */
  unread(): readonly string[];
}

type Finding = Omit<ReportedFinding, "acknowledgedBy">;

/** Keeps what a report needs of each record, and nothing else. */
export function evidenceTally(): EvidenceTally & { add(one: ArchivedRecord): void } {
  const confirmed = new Map<string, Confirmation>();
  const missing = new Set<string>();
  const explanations = explanationList();
  const findings = findingList();
  const claimed = claimedEvents();
  const unread: string[] = [];

  const addEvidence = ({ type, details, requestId }: EvidenceRecord) => {
    if (type === "confirmed") {
      claimed.addConfirmation(details);
      confirmed.set(details.eksRequestId, confirmation(confirmed, details, requestId));
    } else if (type === "missing") missing.add(details.eksRequestId);
    else if (type === "explained") {
      claimed.addExplained(details);
      explanations.add(requestId, details);
    }
  };
  const addFinding = (record: FindingRecord) => {
    const { type, details } = record;
    if (type === "expected") claimed.addExpected(details);
    else if (type === "acknowledgement") findings.acknowledge(record.at, details);
    else {
      findings.add(findingOf(record.at, details));
      if ("event" in details) claimed.addFound(details);
    }
  };
  return {
    ...{ confirmed, missing, claimed },
    get explanations() {
      return explanations.all();
    },
    get findings() {
      return findings.all();
    },
    stateOf(id) {
      if (confirmed.has(id) || explanations.hasCall(id)) return "confirmed";
      return missing.has(id) ? "missing" : "unconfirmed";
    },
    unread: () => unread,
    add({ chain, record }) {
      try {
        if (chain.startsWith("EVID#")) addEvidence(record as EvidenceRecord);
        else if (chain.startsWith("FIND#")) addFinding(record as FindingRecord);
      } catch (error) {
        // A record can be added with any details by whoever writes the table.
        if (!(error instanceof TypeError)) throw error;
        unread.push(
          `Record ${record.seq} of ${chain} is not in this report: Timelatch writes none of its form.`,
        );
      }
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

type Acknowledged = (FindingRecord & { type: "acknowledgement" })["details"];
type Acknowledgements = ReportedFinding["acknowledgedBy"];

/** An acknowledgement may be read before its finding. */
function findingList() {
  const byId = new Map<string, Finding>();
  const acknowledgements = new Map<string, Acknowledgements>();
  return {
    add: (finding: Finding) => byId.set(finding.findingId, finding),
    acknowledge(at: string, { findingId, actor, note }: Acknowledged) {
      const before = acknowledgements.get(findingId) ?? [];
      acknowledgements.set(findingId, [...before, { actor, note, at }]);
    },
    all: () =>
      [...byId.values()]
        .map((one) => ({ ...one, acknowledgedBy: acknowledgements.get(one.findingId) ?? [] }))
        .sort((a, b) => (a.happenedAt < b.happenedAt ? -1 : 1)),
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

function findingOf(
  recordedAt: string,
  details: (FindingRecord & { type: "finding" })["details"],
): Finding {
  const { findingId, code, requestIds } = details;
  const known = { findingId, code, requestIds: [...requestIds], recordedAt };
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
