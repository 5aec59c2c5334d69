/** Makes messages and events show what requests are. It has no right on EKS, STS, Scheduler or ledger. */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { notifyPorts } from "../shared/aws/composition-root.ts";
import { notifyConfig } from "../shared/config.ts";
import { notify } from "../shared/usecases/notices/notify.ts";

const logger = new Logger({ serviceName: "notify" });
const metrics = new Metrics({ serviceName: "notify" });
const ports = notifyPorts(notifyConfig());

const REQUEST_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Takes one message: its message group is the request's id, and nothing else of it is believed. */
export const handler = async (event: SQSEvent, context: Context): Promise<void> => {
  logger.addContext(context);
  for (const record of event.Records) await take(record, context);
};

async function take({ attributes, messageId }: SQSRecord, context: Context): Promise<void> {
  const requestId = attributes.MessageGroupId ?? "";
  if (!REQUEST_ID.test(requestId))
    throw new Error(`Message ${messageId} is about no request that notify could know.`);
  const report = await notify(ports, requestId, {
    millisLeft: () => context.getRemainingTimeInMillis(),
    log: (message, facts) => logger.warn(message, { requestId, ...facts }),
  });
  logger.info("notified", { requestId, ...report });
  // Each feeds the alarm of the same name.
  metrics.addMetric("UndeliverableNotices", MetricUnit.Count, report.refused);
  metrics.addMetric("UnpublishedEvents", MetricUnit.Seconds, report.unpublishedSeconds);
  metrics.publishStoredMetrics();
}
