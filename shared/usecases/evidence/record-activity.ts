import type { ActivitySummary } from "../../domain/evidence/activity/activity-summary.ts";
import {
  type ActivityWindow,
  activityWindow,
} from "../../domain/evidence/activity/activity-window.ts";
import type { ActivityPolicy } from "../../domain/policy/policy.ts";
import type { AuditEvent } from "../../domain/requests/audit-event.ts";
import { differingMembers, grantOnRecord } from "../../domain/requests/grant-on-record.ts";
import { noRequest, unlessMissing } from "../../domain/values/errors.ts";
import { latest, plusSeconds } from "../../domain/values/instant.ts";
import type { ActivityPorts } from "../../ports/function-ports.ts";
import { askActivity } from "./ask-activity.ts";

/** One invocation of activity. */
export interface ActivityRun {
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Asked before each grant. */
  readonly isTimeUp: () => boolean;
  /** Ends of earlier runs that need no further look: what is in it saves reads, and no more. */
  readonly settled: Set<string>;
}

export interface ActivityReport {
  /** Summaries that were recorded. */
  readonly recorded: number;
  /** Grants whose log could not be read. The next run asks again. */
  readonly failed: number;
  /** Bytes that the queries scanned, which CloudWatch charges for. */
  readonly scannedBytes: number;
  /** Whether time ran out before all grants had their turn. */
  readonly more: boolean;
}

const PAGE = 100;

/**
 * Records what was done with each grant that ended lately. The audit events of the last day name the
 * grants, so a run that failed or never was is made good by the next. A grant with a summary up to its end is left
 * alone: others can add an earlier end.
 */
export async function recordActivity(
  ports: ActivityPorts,
  run: ActivityRun,
): Promise<ActivityReport> {
  const report = { recorded: 0, failed: 0, scannedBytes: 0, more: false };
  for await (const { requestId, at } of endedLately(ports)) {
    const end = `${requestId} ${at}`;
    if (run.settled.has(end)) continue;
    if (run.isTimeUp()) return { ...report, more: true };
    try {
      const bytes = await recordOnce(ports, requestId, at);
      run.settled.add(end);
      if (bytes === undefined) continue;
      report.recorded += 1;
      report.scannedBytes += bytes;
    } catch (error) {
      run.log("audit log not read", { requestId, error });
      report.failed += 1;
    }
  }
  return report;
}

/**
 * Asks about one grant again, whether or not it has a summary. A summary that says the same is not
 * added.
 *
 * @returns undefined where there is nothing to ask: see `recordActivity`
 * @throws BrokerError `request-not-found`; what the log throws
 */
export async function recordActivityOf(
  ports: ActivityPorts,
  requestId: string,
): Promise<number | undefined> {
  return await record(ports, await windowOf(ports, requestId));
}

async function recordOnce(
  ports: ActivityPorts,
  requestId: string,
  end: string,
): Promise<number | undefined> {
  const records = await ports.evidence.evidenceOf(requestId);
  const known = latest(
    records.flatMap(({ type, details }) => (type === "activity" ? details.until : [])),
  );
  if (known !== undefined && known >= end) return undefined;
  const found = await windowOf(ports, requestId);
  if (known !== undefined && found.window && known >= found.window.until) return undefined;
  return await record(ports, found);
}

/** The window of a grant, and how its record differs from its history. */
interface Found extends Pick<ActivitySummary, "differing"> {
  readonly window: ActivityWindow | undefined;
}

/** @throws BrokerError `request-not-found` where no history holds the terms */
async function windowOf({ requests, evidence }: ActivityPorts, requestId: string): Promise<Found> {
  const [history, calls, stored] = await Promise.all([
    requests.history(requestId),
    evidence.callsFor(requestId),
    requests.load(requestId).catch(unlessMissing),
  ]);
  const grant = grantOnRecord(requestId, history);
  if (!grant) throw noRequest(requestId);
  const differing = differingMembers(grant, stored);
  return {
    window: activityWindow(grant, history, calls),
    ...(differing.length === 0 ? {} : { differing }),
  };
}

async function record(
  ports: ActivityPorts,
  { window, ...differs }: Found,
): Promise<number | undefined> {
  const limits = window && limitsOf(ports, window);
  if (!limits) return undefined;
  const { requestId } = window;
  const summary = await askActivity(ports.log, window, limits.maxScanGb);
  const details = { ...summary, ...differs };
  await ports.evidence.appendEvidence({
    type: "activity",
    requestId,
    at: ports.clock.now(),
    details,
  });
  return details.scannedBytes;
}

/** Ends that have been in the audit logs for long enough, oldest first. */
async function* endedLately({
  requests,
  clock,
  settings,
}: ActivityPorts): AsyncGenerator<Pick<AuditEvent, "requestId" | "at">> {
  const now = clock.now();
  const from = plusSeconds(now, -settings.activityLookBackSeconds);
  const until = plusSeconds(now, -settings.activityDelaySeconds);
  let after: string | undefined;
  do {
    const query = after === undefined ? { limit: PAGE } : { limit: PAGE, after };
    const page = await requests.auditBetween(from, until, query);
    for (const { requestId, at, from: before, to } of page.items)
      if (before !== to && (to === "ended" || to === "failed")) yield { requestId, at };
    after = page.next;
  } while (after !== undefined);
}

/** Undefined where access.yaml does not switch it on. */
const limitsOf = (
  { policy }: ActivityPorts,
  { clusterArn }: ActivityWindow,
): ActivityPolicy | undefined =>
  Object.values(policy.clusters).find(({ arn }) => arn === clusterArn)?.activity;
