import { missingFrom } from "../../domain/evidence/calls/call-state.ts";
import type { RecordedCall } from "../../domain/evidence/calls/recorded-call.ts";
import { findingChain, missingFindingId } from "../../domain/evidence/findings/finding-record.ts";
import { looksFor, placeName, type TrailLook } from "../../domain/evidence/trail/trail-look.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { WaitingCall } from "../../ports/evidence-store.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { LookupThrottled } from "../../ports/trail-lookup.ts";
import { accountsOf, type Correlated } from "./correlate.ts";
import type { LookRun } from "./correlate-run.ts";
import { chainsOf } from "./evidence-chains.ts";
import { hasTime, type LookResult, readLook } from "./read-look.ts";

/** The report of a run. */
export interface LookReport {
  /** How many calls CloudTrail has not shown in time, by a look that read all there is. */
  readonly missing: number;
  /** The outcomes of the events that were read. */
  readonly correlated: readonly Correlated[];
  /**
   * The error that ended the run early, to be thrown once the rest is reported; absent in a whole
   * run.
   */
  readonly error?: unknown;
}

/** The most calls of one run. The rest waits for the next. */
const AT_ONCE = 50;

/**
 * Looks in CloudTrail's event history for calls that EventBridge has not confirmed in time, in the
 * account and region of each call's cluster, and records what it finds as if EventBridge had brought
 * it. A call is missing a day after it was made, once a look has found nothing. All progress is in the
 * calls: the next run goes on with what this one has not looked for, or has not read to its end. A place
 * that cannot be read keeps no other one waiting.
 */
export async function lookUpCalls(ports: CorrelatePorts, run: LookRun): Promise<LookReport> {
  const { evidence, clock, settings } = ports;
  const until = plusSeconds(clock.now(), -settings.evidenceLookupSeconds);
  const waiting = await evidence.unconfirmed(until, AT_ONCE);
  const accounts = accountsOf(ports.policy);
  const isListed = ({ call }: WaitingCall) => accounts.has(clusterOf(call.clusterArn).account);
  for (const each of waiting) if (!isListed(each)) await leaveUnconfirmed(ports, each.call);
  const closed = new Map<string, unknown>();
  let report: LookReport = { missing: 0, correlated: [] };
  for (const look of looksFor(waiting.filter(isListed), settings)) {
    if (!hasTime(run)) break;
    const place = placeName(look.place);
    const result = closed.has(place) ? unread(look) : await readLook(ports, look, run);
    const missing = await conclude(ports, result, run);
    report = {
      missing: report.missing + missing,
      correlated: [...report.correlated, ...result.correlated],
    };
    if (result.error === undefined) continue;
    closed.set(place, result.error);
    if (!(result.error instanceof LookupThrottled))
      run.log("event history not read", { place, error: result.error });
  }
  const error = [...closed.values()].find((each) => !(each instanceof LookupThrottled));
  return error === undefined ? report : { ...report, error };
}

/**
 * A cluster's account that has left `access.yaml` has no role for look-ups any more, and its events are
 * dropped. So their absence proves nothing.
 */
async function leaveUnconfirmed(ports: CorrelatePorts, call: RecordedCall): Promise<void> {
  const { evidence } = ports;
  if (isLate(ports, call)) await evidence.settleCall(call.eksRequestId);
  else await evidence.postponeCall(call.eksRequestId, lastTurn(ports, call), null);
}

/** The limit of a place is used up, or it cannot be read: its calls wait behind those of other places. */
const unread = ({ sought, until }: TrailLook<WaitingCall>): LookResult => ({
  left: sought,
  readDownTo: until,
  correlated: [],
});

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

/**
 * Records that CloudTrail has not shown a call in time, as a finding and as evidence of its requests.
 * The finding comes first. If the run breaks off, the call may be confirmed before the next run. Then
 * nobody records the rest, and the evidence must not say more than the findings. An event that comes
 * later still confirms the call, and the finding stays.
 */
async function recordMissing(
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
