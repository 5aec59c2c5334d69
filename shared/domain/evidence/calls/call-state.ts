/** Whether CloudTrail has shown a call. Derived from the records, and stored nowhere. */
import type { CallRecord } from "../../requests/evidence.ts";
import { plusSeconds } from "../../values/instant.ts";
import type { EvidenceRecord } from "../evidence-record.ts";
import type { EvidenceTimes } from "../evidence-times.ts";

/**
 * - `confirmed`: CloudTrail has an event with the call's request id and facts. Where converge ended between
 *   the call and its record for CloudTrail, that event stands as `explained`.
 * - `missing`: it has shown none in the time that it had.
 * - `unconfirmed`: neither is known yet.
 */
export type CallState = "confirmed" | "unconfirmed" | "missing";

/**
 * The state of one call, by its request id. An event may come after the call was found missing.
 * It then confirms the call, and the finding stays on record.
 *
 * @param records the evidence of a request that the call served
 */
export function callState(eksRequestId: string, records: readonly EvidenceRecord[]): CallState {
  const types = new Set(
    records.flatMap((record) => (namedCall(record) === eksRequestId ? record.type : [])),
  );
  if (types.has("confirmed") || types.has("explained")) return "confirmed";
  return types.has("missing") ? "missing" : "unconfirmed";
}

/** The request id of the call that a record is about; null where it is about none. */
function namedCall({ type, details }: EvidenceRecord): string | null {
  if (type === "explained") return details.event.eksRequestId;
  return "eksRequestId" in details ? details.eksRequestId : null;
}

/**
 * The state of a call that an audit event records. Null means that there is nothing to wait for.
 * EKS did not answer the call, or answered with an error and changed nothing.
 */
export const recordState = (
  call: CallRecord,
  records: readonly EvidenceRecord[],
): CallState | null => recordedCallState(call, (eksRequestId) => callState(eksRequestId, records));

/** As `recordState`, with the states of calls from elsewhere. */
export function recordedCallState(
  { requestId, result }: CallRecord,
  stateOf: (eksRequestId: string) => CallState,
): CallState | null {
  if (requestId === null) return null;
  const state = stateOf(requestId);
  return state === "unconfirmed" && result !== "ok" ? null : state;
}

/** The time from which an unconfirmed call counts as missing. @param calledAt ISO 8601 UTC */
export const missingFrom = (
  calledAt: string,
  { evidenceMissingSeconds }: Pick<EvidenceTimes, "evidenceMissingSeconds">,
): string => plusSeconds(calledAt, evidenceMissingSeconds);
