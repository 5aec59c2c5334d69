/** Makes messages and events show what requests and findings are. It has no right on EKS, STS, Scheduler or ledger. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { notifyPorts } from "../shared/aws/composition-root.ts";
import { notifyConfig } from "../shared/config.ts";
import { parseSubject } from "../shared/domain/notices/subject.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { notify } from "../shared/usecases/notices/notify.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";

const logger = new Logger({ serviceName: "notify", jsonReplacerFn: visibleValue });
const reportTroubles = troubleMetrics("notify");
const ports = notifyPorts(notifyConfig());

/** An event that is not on the bus after this time does not get there without somebody's help. */
const UNPUBLISHED_SECONDS = 300;

/** Takes one message: its message group is the subject, and nothing else of it is believed. */
export const handler = async (event: SQSEvent, context: Context): Promise<void> => {
  logger.addContext(context);
  for (const record of event.Records) await take(record, context);
};

async function take({ attributes, messageId }: SQSRecord, context: Context): Promise<void> {
  const subject = attributes.MessageGroupId ?? "";
  if (!parseSubject(subject))
    throw new Error(`Message ${messageId} is about nothing that notify could know.`);
  const report = await notify(ports, subject, {
    millisLeft: () => context.getRemainingTimeInMillis(),
    log: (message, facts) => logger.warn(message, { subject, ...facts }),
  });
  logger.info("notified", { subject, ...report });
  const isStuck = report.unpublishedSeconds >= UNPUBLISHED_SECONDS;
  reportTroubles({
    UndeliverableNotices: report.refused + (isStuck ? 1 : 0),
    ...(report.breakGlass === undefined ? {} : { BreakGlassUsed: report.breakGlass }),
  });
}
