/** Makes messages and events show what requests and findings are. It has no right on EKS, STS, Scheduler or ledger. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
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
 *
 * The subjects of a batch are taken at once: each waits mostly, for steps and for Slack's pace. Order does not matter,
 * since each run reads what should be shown. @throws the first failure where all failed, so that it counts as an error
 */
export const handler = async (
  event: SQSEvent | MailEvent,
  context: Context,
): Promise<SQSBatchResponse | undefined> => {
  logger.addContext(context);
  if (!("Records" in event)) {
    await lost(event);
    return undefined;
  }
  const subjects = Object.entries(
    Object.groupBy(event.Records, ({ attributes }) => attributes.MessageGroupId ?? ""),
  );
  const results = await Promise.allSettled(
    subjects.map(([subject, records]) => take(subject, records, context)),
  );
  return failuresIn(subjects, results);
};

async function lost(event: MailEvent): Promise<void> {
  const mail = lostMailIn(event);
  if (!mail || !(await mailLost(ports, mail))) return;
  const { subject, reason } = mail;
  logger.warn("an e-mail did not arrive", { subject, reason });
  reportTroubles({ UndeliverableNotices: 1 });
}

type Messages = readonly SQSRecord[] | undefined;

function failuresIn(
  subjects: readonly (readonly [subject: string, records: Messages])[],
  results: readonly PromiseSettledResult<void>[],
): SQSBatchResponse {
  const failed = subjects.flatMap(([subject, records], at) => {
    const result = results[at];
    return result?.status === "rejected" ? [{ subject, records, error: result.reason }] : [];
  });
  const [first] = failed;
  if (first && failed.length === subjects.length) throw first.error;
  for (const { subject, error } of failed)
    logger.error("a subject failed, and is taken again", { subject, error });
  return {
    batchItemFailures: failed.flatMap(({ records = [] }) =>
      records.map(({ messageId }) => ({ itemIdentifier: messageId })),
    ),
  };
}

async function take(subject: string, records: Messages, context: Context): Promise<void> {
  if (!parseSubject(subject))
    throw new Error(`Message ${records?.[0]?.messageId} is about nothing that notify could know.`);
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
