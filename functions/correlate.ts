/**
 * Compares CloudTrail's events with the broker's own calls. It has no right on EKS, Scheduler or the
 * ledger, and takes no role but those that look up events of other accounts.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, ScheduledEvent, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { correlatePorts, messageDelay } from "../shared/aws/composition-root.ts";
import { correlateConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import type { Correlated } from "../shared/usecases/evidence/correlate.ts";
import { lookUpCalls } from "../shared/usecases/evidence/look-up-calls.ts";
import { type TakeRun, takeMessages } from "../shared/usecases/evidence/take-messages.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";

const logger = new Logger({ serviceName: "correlate", jsonReplacerFn: visibleValue });
const reportTroubles = troubleMetrics("correlate");
const config = correlateConfig();
const ports = correlatePorts(config);

const run: TakeRun = {
  log: (message, facts) => logger.warn(message, { ...facts }),
  report: (level, message, facts) => logger[level](message, { ...facts }),
  delay: messageDelay(config),
  count: (alarm, count) => reportTroubles({ [alarm]: count }),
};

/**
 * Wakes notify last for what was found. Takes events of CloudTrail from the queue. When the clock invokes it, it looks in CloudTrail
 * for calls that EventBridge has not confirmed. A message that must wait is named as failed, and stays
 * hidden until its time.
 */
export const handler = wakingNotify(
  ports,
  async (event: SQSEvent | ScheduledEvent, context: Context): Promise<SQSBatchResponse> => {
    logger.addContext(context);
    if ("Records" in event) return await takeAll(event.Records);
    await lookUp(() => context.getRemainingTimeInMillis());
    return { batchItemFailures: [] };
  },
);

async function lookUp(millisLeft: () => number): Promise<void> {
  const { missing, correlated, error } = await lookUpCalls(ports, { ...run, millisLeft });
  const counted = (outcome: Correlated["outcome"]) =>
    correlated.filter((each) => each.outcome === outcome).length;
  logger.info("looked for calls", { missing, events: correlated.length });
  reportTroubles({ EvidenceFindings: missing + counted("finding") + counted("unreadable") });
  if (error !== undefined) throw error;
}

async function takeAll(records: readonly SQSRecord[]): Promise<SQSBatchResponse> {
  const messages = records.map(({ messageId: id, body, receiptHandle }) => ({
    id,
    body,
    receiptHandle,
  }));
  const again = await takeMessages(ports, messages, run);
  return { batchItemFailures: again.map((itemIdentifier) => ({ itemIdentifier })) };
}
