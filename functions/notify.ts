/** Makes messages and events show what requests and findings are. It has no right on EKS, STS, Scheduler or ledger. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { notifyPorts } from "../shared/aws/composition-root.ts";
import { notifyConfig } from "../shared/config.ts";
import { parseSubject } from "../shared/domain/notices/subject.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { mailLost } from "../shared/usecases/notices/mail-lost.ts";
import { notify } from "../shared/usecases/notices/notify.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";
import { lostMailIn, type MailEvent } from "./operations/lost-mail.ts";

const logger = new Logger({ serviceName: "notify", jsonReplacerFn: visibleValue });
const reportTroubles = troubleMetrics("notify");
const ports = notifyPorts(notifyConfig());

/** An event that is not on the bus after this time does not get there without somebody's help. */
const UNPUBLISHED_SECONDS = 300;

/**
 * Takes messages of its queue: a message group is the subject, and nothing else of it is believed. Or an event of SES about
 * an e-mail that did not arrive, of which no more is believed than that.
 */
export const handler = async (event: SQSEvent | MailEvent, context: Context): Promise<void> => {
  logger.addContext(context);
  if (!("Records" in event)) return await lost(event);
  for (const record of event.Records) await take(record, context);
};

async function lost(event: MailEvent): Promise<void> {
  const mail = lostMailIn(event);
  if (!mail || !(await mailLost(ports, mail))) return;
  const { subject, reason } = mail;
  logger.warn("an e-mail did not arrive", { subject, reason });
  reportTroubles({ UndeliverableNotices: 1 });
}

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
