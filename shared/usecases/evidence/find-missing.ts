import { missingFrom } from "../../domain/evidence/call-state.ts";
import { findingChain, missingFindingId } from "../../domain/evidence/finding-record.ts";
import type { RecordedCall } from "../../domain/evidence/recorded-call.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import type { CorrelateRun } from "./correlate-run.ts";
import { chainsOf } from "./evidence-chains.ts";

/** The most calls of one look. The rest waits for the next. */
const AT_ONCE = 50;

/**
 * Records each call that CloudTrail has not shown in time, as evidence of its requests and as a
 * finding. An event that comes later still confirms the call, and the finding stays.
 *
 * @returns how many calls are missing
 */
export async function findMissing(ports: CorrelatePorts, run: CorrelateRun): Promise<number> {
  const { evidence, clock, settings } = ports;
  const now = clock.now();
  const until = plusSeconds(now, -settings.evidenceMissingSeconds);
  const calls = await evidence.unconfirmed(until, AT_ONCE);
  const missing = calls.filter(
    (call) => isReported(ports, call) && missingFrom(call.at, settings) <= now,
  );
  for (const call of missing) {
    run.log("call missing in CloudTrail", { call });
    await recordMissing(ports, call, now);
  }
  for (const { eksRequestId } of calls) await evidence.settleCall(eksRequestId);
  return missing.length;
}

/**
 * Whether CloudTrail's events about the cluster reach us. Those of another account or region do
 * only if somebody forwards them. Their absence proves nothing, so such a call stays unconfirmed.
 */
function isReported({ place }: CorrelatePorts, { clusterArn }: RecordedCall): boolean {
  const { account, region } = clusterOf(clusterArn);
  return account === place.account && region === place.region;
}

async function recordMissing(
  { evidence }: CorrelatePorts,
  call: RecordedCall,
  at: string,
): Promise<void> {
  const { eksRequestId, clusterArn, principalArn, requestIds, at: calledAt } = call;
  for (const requestId of chainsOf(call)) {
    const details = { eksRequestId, calledAt };
    await evidence.appendEvidence({ type: "missing", requestId, at, details });
  }
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
}
