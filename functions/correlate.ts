/**
 * Compares CloudTrail's events with the broker's own calls. It has no right on EKS, STS, Scheduler or
 * the ledger.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type {
  Context,
  ScheduledEvent,
  SQSBatchItemFailure,
  SQSBatchResponse,
  SQSEvent,
  SQSRecord,
} from "aws-lambda";
import { correlatePorts, messageDelay } from "../shared/aws/composition-root.ts";
import { correlateConfig } from "../shared/config.ts";
import { secondsBetween } from "../shared/domain/values/instant.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { correlate } from "../shared/usecases/evidence/correlate.ts";
import { findMissing } from "../shared/usecases/evidence/find-missing.ts";

const logger = new Logger({ serviceName: "correlate", jsonReplacerFn: visibleValue });
const metrics = new Metrics({ serviceName: "correlate" });
const config = correlateConfig();
const ports = correlatePorts(config);
const delay = messageDelay(config);
const run = {
  log: (message: string, facts: object) => logger.warn(message, { ...facts }),
};

/**
 * Takes events of CloudTrail from the queue. When the clock invokes it, it looks for calls that
 * CloudTrail has not shown. A message that must wait is named as failed, and stays hidden until its
 * time.
 */
export const handler = async (
  event: SQSEvent | ScheduledEvent,
  context: Context,
): Promise<SQSBatchResponse> => {
  logger.addContext(context);
  if ("Records" in event) return await takeAll(event.Records);
  report("MissingCalls", await findMissing(ports, run));
  return { batchItemFailures: [] };
};

async function takeAll(records: readonly SQSRecord[]): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchItemFailure[] = [];
  for (const record of records)
    if (!(await isDone(record))) batchItemFailures.push({ itemIdentifier: record.messageId });
  return { batchItemFailures };
}

/** A failure of one message is not the others'. It comes again after its visibility timeout. */
async function isDone({ body, messageId, receiptHandle }: SQSRecord): Promise<boolean> {
  try {
    const result = await correlate(ports, body, run);
    logger.info("correlated", { messageId, ...result });
    if (result.outcome === "wait") {
      await delay(receiptHandle, Math.ceil(secondsBetween(ports.clock.now(), result.until)));
      return false;
    }
    report("EvidenceFindings", result.outcome === "finding" ? 1 : 0);
    report("UnreadableEvents", result.outcome === "unreadable" ? 1 : 0);
    return true;
  } catch (error) {
    logger.error("event not correlated", { messageId, error });
    return false;
  }
}

/** Each feeds the alarm of the same name. */
function report(metric: string, count: number): void {
  metrics.addMetric(metric, MetricUnit.Count, count);
  metrics.publishStoredMetrics();
}
