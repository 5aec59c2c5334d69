/**
 * The bundle's account of one request, derived only from its records. A holder of the records can
 * derive the same again: nothing in it has to be believed.
 */
import { type AuditEvent, callsIn } from "../../requests/audit-event.ts";
import type { CallRecord } from "../../requests/evidence.ts";
import { isFinal } from "../../requests/lifecycle.ts";
import type { ActivitySummary } from "../activity/activity-summary.ts";
import { type CallState, recordState } from "../calls/call-state.ts";
import type { EvidenceRecord } from "../evidence-record.ts";
import type { FindingRecord } from "../findings/finding-record.ts";
import { type BundleSeal, chainsOfRequest, completeTo } from "./bundle-seal.ts";
import { type ExplainedCall, explainedCalls } from "./explained-calls.ts";

/** All that was recorded of one request. */
export interface BundleRecords {
  /** The whole history, oldest first. */
  readonly events: readonly AuditEvent[];
  readonly evidence: readonly EvidenceRecord[];
  /** Findings that name the request, and their acknowledgements, in the order of their chains. */
  readonly findings: readonly FindingRecord[];
  /** Calls that EKS answered after the request was final, so that no event has them. */
  readonly laterCalls: readonly CallRecord[];
  /** Sorted by day. */
  readonly seals: readonly BundleSeal[];
  /** Policies that decided steps of the request, as far as they are known. Sorted by hash. */
  readonly policies: readonly BundlePolicy[];
}

/** A deployed policy, compiled from `access.yaml`, in the form that was hashed (RFC 8785). */
export interface BundlePolicy {
  /** SHA-256 in hex, which audit events name as `policyHash`. */
  readonly hash: string;
  readonly text: string;
}

/** The hashes of the policies under which the events came about, sorted. */
export const policyHashesOf = (events: readonly AuditEvent[]): readonly string[] =>
  [...new Set(events.map(({ policyHash }) => policyHash))].sort();

/** One call to EKS, and what CloudTrail says of it. */
export interface BundleCall extends CallRecord {
  /** The event that records it, by its `seq`; null for a later call, which only the API lists. */
  readonly event: number | null;
  /** Null for a call that changed nothing. */
  readonly state: CallState | null;
  readonly confirmation: Confirmation | null;
}

type Confirmation = Omit<(EvidenceRecord & { type: "confirmed" })["details"], "eksRequestId">;
type FoundDetails = (FindingRecord & { type: "finding" })["details"];

interface BundleFinding {
  readonly findingId: string;
  readonly chain: string;
  readonly recordedAt: string;
  readonly code: FoundDetails["code"];
  readonly acknowledgements: readonly Acknowledgement[];
}

interface Acknowledgement {
  readonly actor: string;
  readonly note: string;
  readonly at: string;
}

/** How far a chain is sealed. */
interface SealedExtent {
  readonly chain: string;
  readonly records: number;
  /** The last record that a seal covers; 0 if none does. */
  readonly sealedUpTo: number;
  /** The day of that seal. */
  readonly day: string | null;
}

/**
 * - `not-ended`: the request is not over, so its history goes on.
 * - `unconfirmed-call`: CloudTrail has not shown a call yet.
 * - `missing-call`: it did not show the call in time.
 * - `open-finding`: nobody has acknowledged a finding.
 * - `no-activity`: what was done with the access is not on record.
 * - `not-sealed`: no seal covers a chain's last records.
 * - `no-policy`: an event names a policy by its hash, and the policy is not in the bundle.
 */
type OpenPointCode =
  | "not-ended"
  | "unconfirmed-call"
  | "missing-call"
  | "open-finding"
  | "no-activity"
  | "not-sealed"
  | "no-policy";

/** Something that the bundle does not prove, or does not prove yet. */
export interface OpenPoint {
  readonly code: OpenPointCode;
  readonly detail: string;
}

export interface BundleFacts {
  readonly calls: readonly BundleCall[];
  /** Absent without such a call, and from bundles of earlier releases. */
  readonly explained?: readonly ExplainedCall[];
  readonly findings: readonly BundleFinding[];
  /** The latest summary of what was done with the access. */
  readonly activity: ActivitySummary | null;
  readonly sealed: readonly SealedExtent[];
  /**
   * The day up to which nothing that was sealed of the request's chains is left out; null where the seals do not
   * show that. Absent from bundles of earlier releases.
   */
  readonly completeTo?: string | null;
  readonly open: readonly OpenPoint[];
}

/** Pure: the same records give the same facts. */
export function bundleFacts(records: BundleRecords): BundleFacts {
  const calls = callsOf(records);
  const explained = explainedCalls(records.evidence, calls);
  const facts = {
    calls,
    ...(explained.length === 0 ? {} : { explained }),
    findings: findingsOf(records.findings),
    activity: activityOf(records.evidence),
    sealed: sealedExtents(records),
    completeTo: completeTo(records),
  };
  return { ...facts, open: openPoints(records, facts) };
}

function callsOf({ events, evidence, laterCalls }: BundleRecords): readonly BundleCall[] {
  const bundled = (call: CallRecord, event: number | null): BundleCall => ({
    ...call,
    event,
    state: recordState(call, evidence),
    confirmation: confirmationOf(call, evidence),
  });
  return [
    ...events.flatMap((event) => callsIn(event).map((call) => bundled(call, event.seq))),
    ...laterCalls.map((call) => bundled(call, null)),
  ];
}

/** The later calls of a bundle, as its records need them. */
export const laterCallsIn = (calls: readonly BundleCall[]): readonly CallRecord[] =>
  calls.flatMap(({ event, operation, requestId, sessionName, at, result }) =>
    event === null ? { operation, requestId, sessionName, at, result } : [],
  );

function confirmationOf(
  { requestId }: CallRecord,
  evidence: readonly EvidenceRecord[],
): Confirmation | null {
  for (const { type, details } of evidence)
    if (type === "confirmed" && details.eksRequestId === requestId) {
      const { eventId, eventTime, sha256 } = details;
      return { eventId, eventTime, sha256 };
    }
  return null;
}

const findingsOf = (records: readonly FindingRecord[]): readonly BundleFinding[] =>
  records.flatMap(({ type, chain, at, details }) => {
    if (type !== "finding") return [];
    const { findingId, code } = details;
    const acknowledgements = acknowledgementsOf(findingId, records);
    return { findingId, chain, recordedAt: at, code, acknowledgements };
  });

const acknowledgementsOf = (id: string, records: readonly FindingRecord[]) =>
  records.flatMap(({ type, at, details }) =>
    type === "acknowledgement" && details.findingId === id
      ? { actor: details.actor, note: details.note, at }
      : [],
  );

const activityOf = (evidence: readonly EvidenceRecord[]): ActivitySummary | null =>
  evidence.flatMap(({ type, details }) => (type === "activity" ? details : [])).at(-1) ?? null;

function sealedExtents({ events, evidence, seals }: BundleRecords): readonly SealedExtent[] {
  const [audit, evid] = chainsOfRequest(events[0]?.requestId ?? "");
  const extent = (chain: string, records: number): SealedExtent => {
    const tips = seals.flatMap(({ seal, proofs }) =>
      proofs.flatMap(({ tip }) => (tip.chain === chain ? { seq: tip.seq, day: seal.day } : [])),
    );
    const last = tips.reduce<(typeof tips)[number] | undefined>(
      (before, tip) => (before && before.seq >= tip.seq ? before : tip),
      undefined,
    );
    return { chain, records, sealedUpTo: last?.seq ?? 0, day: last?.day ?? null };
  };
  return [extent(audit, events.length), extent(evid, evidence.length)];
}

function openPoints(
  { events, policies }: BundleRecords,
  { calls, findings, activity, sealed }: Omit<BundleFacts, "open">,
): readonly OpenPoint[] {
  const state = events.at(-1)?.to;
  const wasActive = events.some(({ to }) => to === "active");
  const points: OpenPoint[] = [];
  const add = (code: OpenPointCode, detail: string) => points.push({ code, detail });
  if (state !== undefined && !isFinal(state))
    add("not-ended", `The request is ${state}, so its history goes on.`);
  for (const { operation, requestId, at, state: seen } of calls)
    if (seen === "unconfirmed" || seen === "missing")
      add(
        `${seen}-call`,
        seen === "missing"
          ? `CloudTrail did not show ${operation} ${requestId} of ${at} in time.`
          : `CloudTrail has not shown ${operation} ${requestId} of ${at} yet.`,
      );
  for (const { findingId, code, acknowledgements } of findings)
    if (acknowledgements.length === 0)
      add("open-finding", `Nobody has acknowledged the finding ${findingId} (${code}).`);
  if (wasActive && activity === null)
    add("no-activity", "There is no summary of what was done with the access.");
  for (const { chain, records, sealedUpTo } of sealed)
    if (sealedUpTo < records)
      add(
        "not-sealed",
        `No seal here covers the records ${sealedUpTo + 1} to ${records} of ${chain}.`,
      );
  for (const hash of policyHashesOf(events))
    if (!policies.some((known) => known.hash === hash))
      add("no-policy", `The policy ${hash} is known by its hash alone.`);
  return points;
}
