/** The oracle's facts about CloudTrail's events and the records of them. */

import type { CallIntent } from "../../../shared/domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../../shared/domain/evidence/calls/recorded-call.ts";
import type { EvidenceDraft } from "../../../shared/domain/evidence/evidence-record.ts";
import type { FindingDraft } from "../../../shared/domain/evidence/findings/finding-record.ts";
import type { ElementSet } from "../../../shared/domain/values/element-set.ts";
import type { EksChange } from "../evidence/eks-change.ts";
import type { Facts } from "./facts.ts";

/**
 * The maker of a change, and the required result for its event.
 *
 * - `ours`: a call of converge, or a fuse. `baseline`: the elements of others on its target then.
 *   `fuseAt`: when a fuse should have fired.
 * - `outside`: a change by others. `becomes`: a finding, or a listed change of an expected
 *   principal. `nothing`: it failed, or is about a cluster that the policy does not list.
 */
export type Cause =
  | { readonly kind: "ours"; readonly baseline: ElementSet; readonly fuseAt?: number }
  | { readonly kind: "outside"; readonly becomes: "finding" | "expected" | "nothing" };

/** An event of CloudTrail. Moments are milliseconds since the epoch. */
export interface LoggedEvent {
  readonly eventId: string;
  readonly change: EksChange;
  readonly cause: Cause;
  /** When EventBridge delivered the first record of it. */
  deliveredAt: number | undefined;
  /** When the event history first showed it. */
  listedAt: number | undefined;
}

export type Draft = EvidenceDraft | FindingDraft;

/** A draft that was added to a chain. */
export interface Recorded {
  readonly draft: Draft;
  readonly at: number;
}

/** Observations of evidence in one life. */
export interface EvidenceFacts {
  readonly facts: Facts;
  /** By the id of their first record. */
  readonly events: ReadonlyMap<string, LoggedEvent>;
  /** Calls on record, by their request id. */
  readonly calls: ReadonlyMap<string, RecordedCall>;
  readonly intents: readonly CallIntent[];
  readonly recorded: readonly Recorded[];
  /** Changes of others that looked like ours when they were explained. */
  readonly disguised: ReadonlySet<string>;
}

/** The event of a call of ours. */
export const eventOf = ({ events }: EvidenceFacts, requestId: string): LoggedEvent | undefined =>
  [...events.values()].find(
    ({ change, cause }) => cause.kind === "ours" && change.requestId === requestId,
  );

/** Records about an event, by its key. */
export const recordsAbout = ({ recorded }: EvidenceFacts, eventKey: string): readonly Draft[] =>
  recorded.flatMap(({ draft }) => (eventKeyIn(draft) === eventKey ? draft : []));

/** How many events and records there were in one life, by what became of them. */
export interface EvidenceCounts {
  readonly events: number;
  readonly confirmed: number;
  readonly explained: number;
  readonly findings: number;
  readonly missing: number;
  readonly expected: number;
}

export const NO_EVIDENCE: EvidenceCounts = {
  events: 0,
  confirmed: 0,
  explained: 0,
  findings: 0,
  missing: 0,
  expected: 0,
};

/** The counts of two lives together. */
export const addEvidence = (a: EvidenceCounts, b: EvidenceCounts): EvidenceCounts => ({
  events: a.events + b.events,
  confirmed: a.confirmed + b.confirmed,
  explained: a.explained + b.explained,
  findings: a.findings + b.findings,
  missing: a.missing + b.missing,
  expected: a.expected + b.expected,
});

/** The event that a record is about; undefined for a record about a call. */
export function eventKeyIn({ details }: Draft): string | undefined {
  return "eventKey" in details ? originalOf(details.eventKey) : undefined;
}

const CORRECTED = "-corrected";

/** The id of the record that corrects one. */
export const correctionOf = (eventId: string): string => eventId + CORRECTED;

/** The id of the first record, of which this one may be a correction. */
export const originalOf = (eventId: string): string => eventId.replace(CORRECTED, "");
