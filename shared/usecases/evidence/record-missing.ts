import type { RecordedCall } from "../../domain/evidence/calls/recorded-call.ts";
import { findingChain, missingFindingId } from "../../domain/evidence/findings/finding-record.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { chainsOf } from "./evidence-chains.ts";

/**
 * Records that CloudTrail has not shown a call in time, as a finding and as evidence of its requests.
 * The finding comes first. If the run breaks off, the call may be confirmed before the next run. Then
 * nobody records the rest, and the evidence must not say more than the findings. An event that comes
 * later still confirms the call, and the finding stays.
 */
export async function recordMissing(
  { evidence }: Pick<CorrelatePorts, "evidence">,
  call: RecordedCall,
  at: string,
): Promise<void> {
  const { eksRequestId, clusterArn, principalArn, requestIds, at: calledAt } = call;
  await evidence.appendFinding({
    type: "finding",
    chain: findingChain(clusterArn, calledAt),
    at,
    details: {
      code: "missing-event",
      eksRequestId,
      principalArn,
      calledAt,
      findingId: missingFindingId(eksRequestId),
      requestIds,
    },
  });
  for (const requestId of chainsOf(call)) {
    const details = { eksRequestId, calledAt };
    await evidence.appendEvidence({ type: "missing", requestId, at, details });
  }
  await evidence.settleCall(eksRequestId);
}
