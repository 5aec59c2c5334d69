/**
 * Records what was done with each grant that ended. It reads the audit logs of clusters, and has no
 * right on EKS, Scheduler or the ledger. In other accounts it takes a role that only reads these
 * logs.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context, ScheduledEvent } from "aws-lambda";
import { activityPorts } from "../shared/aws/activity-composition.ts";
import { activityConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { recordActivity, recordActivityOf } from "../shared/usecases/evidence/record-activity.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";

const logger = new Logger({ serviceName: "activity", jsonReplacerFn: visibleValue });
const reportTroubles = troubleMetrics("activity");
const ports = activityPorts(activityConfig());

/** One grant takes three queries, and few take more than some seconds. */
const LEAST_MS = 300_000;

/** Requests that this process does not look at again. */
const settled = new Set<string>();
const MOST_SETTLED = 10_000;

const log = (message: string, facts: object) => logger.error(message, { ...facts });

/** The input with which an operator asks about one grant again. */
interface OneRequest {
  readonly requestId: string;
}

/** Logs what it did. The next run continues where this one stopped. */
export const handler = async (event: ScheduledEvent | OneRequest, context: Context) => {
  logger.addContext(context);
  if ("requestId" in event) return await askAgain(event.requestId);
  if (settled.size > MOST_SETTLED) settled.clear();
  const isTimeUp = () => context.getRemainingTimeInMillis() < LEAST_MS;
  const report = await recordActivity(ports, { log, isTimeUp, settled });
  logger.info("audit logs read", { ...report });
  reportTroubles({ ActivityUnread: report.failed });
  reportTroubles({ ActivityScannedBytes: report.scannedBytes }, MetricUnit.Bytes);
  return undefined;
};

/** The operator sees the answer, or the error. */
async function askAgain(requestId: string) {
  const scannedBytes = await recordActivityOf(ports, requestId);
  logger.info("audit log read", { requestId, scannedBytes });
  reportTroubles({ ActivityScannedBytes: scannedBytes ?? 0 }, MetricUnit.Bytes);
  return { requestId, isAsked: scannedBytes !== undefined, scannedBytes: scannedBytes ?? 0 };
}
