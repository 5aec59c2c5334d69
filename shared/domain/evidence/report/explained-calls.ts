import type { CallRecord } from "../../requests/evidence.ts";
import type { EvidenceRecord, Why } from "../evidence-record.ts";

/** An event of a role of ours that no call on record confirms, and what explains it. */
export interface ExplainedCall {
  readonly why: Why;
  readonly eventId: string;
  readonly eventTime: string;
  readonly operation: string;
  readonly sessionName: string | null;
  readonly sha256: string;
}

/** @param calls on record: one whose event was explained before it came is among them */
export const explainedCalls = (
  evidence: readonly EvidenceRecord[],
  calls: readonly Pick<CallRecord, "requestId">[],
): readonly ExplainedCall[] =>
  evidence.flatMap(({ type, details }) => {
    if (type !== "explained") return [];
    const { eventId, eventTime, operation, caller, sha256, eksRequestId } = details.event;
    if (calls.some(({ requestId }) => requestId !== null && requestId === eksRequestId)) return [];
    const { sessionName } = caller;
    return { why: details.why, eventId, eventTime, operation, sessionName, sha256 };
  });
