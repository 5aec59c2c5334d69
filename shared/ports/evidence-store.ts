import type { ArchivedRecord } from "../domain/evidence/archive/archived-record.ts";
import type { CallIntent } from "../domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../domain/evidence/calls/recorded-call.ts";
import type { EvidenceDraft, EvidenceRecord } from "../domain/evidence/evidence-record.ts";
import type { FindingStore } from "./finding-store.ts";
import type { ListedPage } from "./listed-page.ts";
import type { PageQuery } from "./request-store.ts";

/** How long an intent is kept at least, in seconds: far longer than CloudTrail may be late. */
export const INTENT_SECONDS = 90 * 86_400;

/** A call that waits for its confirmation. */
export interface WaitingCall {
  readonly call: RecordedCall;
  /**
   * CloudTrail was read from the newest event of the call's time down to this instant, and the call
   * was not there. Null where no reading is under way. ISO 8601 UTC.
   */
  readonly readDownTo: string | null;
}

/** The most calls of one request that are read at once. Earlier ones are in its history. */
export const MOST_CALLS_READ = 500;

/**
 * The broker's own calls, and CloudTrail's events about them.
 *
 * Records of evidence and findings are chained, and never changed. Two callers may append to one
 * chain at the same time. One of them then starts over with the chain's new end.
 *
 * Reads see the latest write. Only `unconfirmed` and `recordsBetween` may lag behind.
 */
export interface EvidenceStore extends FindingStore {
  /**
   * Stores an answered call under its EKS request id. The first one stays: a second changes nothing.
   * A call that changed something waits for its confirmation; see `unconfirmed`.
   */
  putCall(call: RecordedCall): Promise<void>;

  /**
   * The latest calls that served a request, at most `MOST_CALLS_READ`, oldest first. Those that EKS
   * answered after the request was final are among them.
   */
  callsFor(requestId: string): Promise<readonly RecordedCall[]>;

  /** The call with this EKS request id. */
  call(eksRequestId: string): Promise<RecordedCall | undefined>;

  /**
   * Puts off when a waiting call is looked for next, and keeps how far CloudTrail was read for it. A
   * call that waits no longer stays so.
   *
   * @param turn the call's next turn, ISO 8601 UTC
   */
  postponeCall(eksRequestId: string, turn: string, readDownTo: string | null): Promise<void>;

  /** Ends the wait for a call's confirmation. An unknown call, or a second time, changes nothing. */
  settleCall(eksRequestId: string): Promise<void>;

  /**
   * Calls that wait for their confirmation and whose turn is at `until` or before, first turn first. A
   * call's turn is when it was answered, until it is put off.
   *
   * @param limit the most calls that are returned
   */
  unconfirmed(until: string, limit: number): Promise<readonly WaitingCall[]>;

  /**
   * Stores what a run is about to add, for `INTENT_SECONDS`. It replaces no other intent, also none of
   * the same session and instant: clocks of two runs may differ.
   */
  putIntent(intent: CallIntent): Promise<void>;

  /**
   * Additions that runs were about to make to this entry, newest first. Its cost does not depend on
   * how many grants the entry has had.
   *
   * @param binding the entry's binding key
   * @param before only intents that were stored before it. ISO 8601 UTC.
   * @param most the most intents that are returned
   */
  intents(binding: string, before: string, most: number): Promise<readonly CallIntent[]>;

  /**
   * Adds a record to the evidence of its request, unless the chain has one of the same
   * `evidenceKey`. An explanation is not added where a finding or an expected change has the same
   * event, nor the other way round: the first stands. Its cost does not depend on how many records
   * the chain has.
   *
   * @returns whether it was added
   */
  appendEvidence(draft: EvidenceDraft): Promise<boolean>;

  /** The evidence of one request, oldest first. */
  evidenceOf(requestId: string): Promise<readonly EvidenceRecord[]>;

  /**
   * Records of evidence and of findings with `from` ≤ `at` < `to`, in order of time. Both are
   * instants. A page ends early where its records take `PAGE_BYTES`.
   *
   * @param isWanted which records the list has; all, unless it is given
   */
  recordsBetween(
    from: string,
    to: string,
    page: PageQuery,
    isWanted?: (one: ArchivedRecord) => boolean,
  ): Promise<ListedPage<ArchivedRecord>>;
}
