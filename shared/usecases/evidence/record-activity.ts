import { activityWindow } from "../../domain/evidence/activity/activity-window.ts";
import type { ActivityPolicy } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { ActivityPorts } from "../../ports/function-ports.ts";
import { askActivity } from "./ask-activity.ts";

/** One invocation of activity. */
export interface ActivityRun {
  readonly log: (message: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Asked before each grant. */
  readonly isTimeUp: () => boolean;
  /** Requests of earlier runs that need no further look: what is in it saves reads, and no more. */
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
 * grants, so a run that failed or never was is made good by the next. A grant with a summary is left
 * alone.
 */
export async function recordActivity(
  ports: ActivityPorts,
  run: ActivityRun,
): Promise<ActivityReport> {
  const report = { recorded: 0, failed: 0, scannedBytes: 0, more: false };
  for await (const requestId of endedLately(ports)) {
    if (run.settled.has(requestId)) continue;
    if (run.isTimeUp()) return { ...report, more: true };
    try {
      const bytes = await recordOnce(ports, requestId);
      run.settled.add(requestId);
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
  const { requests, evidence, log, clock } = ports;
  const request = await requests.load(requestId);
  const limits = limitsOf(ports, request);
  const window = limits && activityWindow(request, await requests.history(requestId));
  if (!limits || !window) return undefined;
  const details = await askActivity(log, window, limits.maxScanGb);
  await evidence.appendEvidence({ type: "activity", requestId, at: clock.now(), details });
  return details.scannedBytes;
}

async function recordOnce(ports: ActivityPorts, requestId: string): Promise<number | undefined> {
  const records = await ports.evidence.evidenceOf(requestId);
  if (records.some(({ type }) => type === "activity")) return undefined;
  return await recordActivityOf(ports, requestId);
}

/** Ids of requests whose end has been in the audit logs for long enough, oldest first. */
async function* endedLately({ requests, clock, settings }: ActivityPorts): AsyncGenerator<string> {
  const now = clock.now();
  const from = plusSeconds(now, -settings.activityLookBackSeconds);
  const until = plusSeconds(now, -settings.activityDelaySeconds);
  let after: string | undefined;
  do {
    const query = after === undefined ? { limit: PAGE } : { limit: PAGE, after };
    const page = await requests.auditBetween(from, until, query);
    for (const { requestId, from: before, to } of page.items)
      if (before !== to && (to === "ended" || to === "failed")) yield requestId;
    after = page.next;
  } while (after !== undefined);
}

/** Undefined where access.yaml does not switch it on. */
const limitsOf = (
  { policy }: ActivityPorts,
  { cluster }: AccessRequest,
): ActivityPolicy | undefined =>
  Object.values(policy.clusters).find(({ arn }) => arn === cluster.arn)?.activity;
