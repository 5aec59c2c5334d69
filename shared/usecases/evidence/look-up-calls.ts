import { missingFrom } from "../../domain/evidence/call-state.ts";
import type { RecordedCall } from "../../domain/evidence/recorded-call.ts";
import { looksFor } from "../../domain/evidence/trail-look.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { WaitingCall } from "../../ports/evidence-store.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { LookupThrottled } from "../../ports/trail-lookup.ts";
import type { Correlated } from "./correlate.ts";
import type { LookRun } from "./correlate-run.ts";
import { hasTime, type LookResult, readLook } from "./read-look.ts";
import { recordMissing } from "./record-missing.ts";

/** What a run found. */
export interface LookReport {
  /** How many calls CloudTrail has not shown in time, by a look that read all there is. */
  readonly missing: number;
  /** What became of the events that were read. */
  readonly correlated: readonly Correlated[];
  /** What ended the run early, to be thrown once the rest is reported; absent where nothing did. */
  readonly error?: unknown;
}

/** The most calls of one run. The rest waits for the next. */
const AT_ONCE = 50;

/**
 * Looks in CloudTrail's event history for calls that EventBridge has not confirmed in time, and
 * records what it finds as if EventBridge had brought it. A call is missing a day after it was made,
 * once a look has found nothing. All progress is in the calls: the next run goes on with what this
 * one has not looked for, or has not read to its end.
 */
export async function lookUpCalls(ports: CorrelatePorts, run: LookRun): Promise<LookReport> {
  const { evidence, clock, settings } = ports;
  const until = plusSeconds(clock.now(), -settings.evidenceLookupSeconds);
  const waiting = await evidence.unconfirmed(until, AT_ONCE);
  const [near, far] = [true, false].map((here) =>
    waiting.filter(({ call }) => isInHistory(ports, call) === here),
  );
  for (const { call } of far ?? []) await leaveUnconfirmed(ports, call);
  let report: LookReport = { missing: 0, correlated: [] };
  for (const look of looksFor(near ?? [], settings)) {
    if (!hasTime(run)) break;
    const result = await readLook(ports, look, run);
    const missing = await conclude(ports, result, run);
    report = {
      missing: report.missing + missing,
      correlated: [...report.correlated, ...result.correlated],
    };
    if (result.error instanceof LookupThrottled) break;
    if (result.error !== undefined) return { ...report, error: result.error };
  }
  return report;
}

/**
 * Whether CloudTrail's event history has the cluster's events. That of another account or region
 * cannot be searched. Their absence proves nothing, so such a call stays unconfirmed.
 */
function isInHistory({ place }: CorrelatePorts, { clusterArn }: RecordedCall): boolean {
  const { account, region } = clusterOf(clusterArn);
  return account === place.account && region === place.region;
}

/** Waits for a forwarded event as long as for any. */
async function leaveUnconfirmed(ports: CorrelatePorts, call: RecordedCall): Promise<void> {
  const { evidence } = ports;
  if (isLate(ports, call)) await evidence.settleCall(call.eksRequestId);
  else await evidence.postponeCall(call.eksRequestId, lastTurn(ports, call), null);
}

/** @returns how many calls are missing */
async function conclude(
  ports: CorrelatePorts,
  { left, readDownTo }: LookResult,
  run: LookRun,
): Promise<number> {
  const now = ports.clock.now();
  const isMissing = ({ call }: WaitingCall) => readDownTo === null && isLate(ports, call);
  const missing = left.filter(isMissing);
  for (const { call } of missing) {
    run.log("call missing in CloudTrail", { call });
    await recordMissing(ports, call, now);
  }
  for (const { call } of left.filter((each) => !isMissing(each)))
    await ports.evidence.postponeCall(call.eksRequestId, nextTurn(ports, call), readDownTo);
  return missing.length;
}

const isLate = ({ clock, settings }: CorrelatePorts, { at }: RecordedCall): boolean =>
  missingFrom(at, settings) <= clock.now();

/** Behind all that wait now, but in time for the last turn. */
function nextTurn(ports: CorrelatePorts, call: RecordedCall): string {
  const now = ports.clock.now();
  const last = lastTurn(ports, call);
  return isLate(ports, call) || now < last ? now : last;
}

/** The turn that is due when the call counts as missing. */
const lastTurn = ({ settings }: CorrelatePorts, { at }: RecordedCall): string =>
  plusSeconds(missingFrom(at, settings), -settings.evidenceLookupSeconds);
