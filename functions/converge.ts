/** Makes one access entry what it should be. The only function that calls EKS. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { convergePorts, messageHolds } from "../shared/aws/composition-root.ts";
import { convergeConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { type Cause, causeIn } from "../shared/ports/converge-queue.ts";
import { checkCluster } from "../shared/usecases/clusters/check-cluster.ts";
import { converge } from "../shared/usecases/converge/converge.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";
import { convergeTroubles, secondsWaited } from "./metrics/converge-metrics.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";

const logger = new Logger({ serviceName: "converge", jsonReplacerFn: visibleValue });
const reportTroubles = troubleMetrics("converge");

// The clients outlive an invocation, and must respect the limits of the current one.
let millisLeft = () => 0;
let ended = new AbortController();
const config = convergeConfig();
const ports = convergePorts(
  config,
  () => millisLeft(),
  () => ended.signal,
);
const holdOf = messageHolds(config);

const BINDING = /^[0-9a-f]{64}$/;
const DRIFT_CHECK: Cause = "drift-check";
const CLUSTER = /^cluster\/(.+)$/;

/**
 * Handles one message. Its message group is its subject, and nothing else in it is trusted. The
 * tables say what to do. A failed message returns after its visibility timeout.
 */
export const handler = wakingNotify(
  ports,
  async (event: SQSEvent, context: Context): Promise<void> => {
    logger.addContext(context);
    millisLeft = () => context.getRemainingTimeInMillis();
    ended = new AbortController();
    try {
      for (const record of event.Records) await take(record);
    } finally {
      // A call that nobody waits for must not continue in the next invocation.
      ended.abort();
    }
  },
);

/** The most of a message's body that is logged: the broker's own have less, and others may send 256 KB. */
const LOGGED_LETTERS = 512;

/**
 * A message of an unknown subject has nothing to do. It is dropped and not tried again. Meanwhile
 * SQS would hand out no other message of its group, and it looks for other groups only among the
 * first 120,000 messages.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html
 */
async function take({ attributes, body, messageId, receiptHandle }: SQSRecord): Promise<void> {
  const subject = attributes.MessageGroupId ?? "";
  const waitedSeconds = secondsWaited(attributes);
  const logBegin = () =>
    logger.info("converging", { subject, body: body.slice(0, LOGGED_LETTERS), waitedSeconds });
  const isDriftCheck = causeIn(body) === DRIFT_CHECK;
  if (!isDriftCheck) logBegin();
  const { extend } = holdOf(receiptHandle);
  const run = {
    millisLeft,
    hold: isDriftCheck ? { extend: after(logBegin, extend) } : { extend },
    isDriftCheck,
    waitedSeconds,
    log: (message: string, facts: object) => logger.warn(message, { ...facts }),
  };
  const cluster = CLUSTER.exec(subject)?.[1];
  if (cluster !== undefined) await checkCluster(ports, cluster, run);
  else if (BINDING.test(subject))
    reportTroubles(convergeTroubles(await converge(ports, subject, run)));
  else logger.error("message of an unknown subject dropped", { messageId, subject });
}

/**
 * A drift check extends its message before it changes anything, and logs then that it runs. Most change nothing, and
 * the sweep logs how many it sent.
 */
const after =
  <Result>(first: () => void, then: () => Result) =>
  (): Result => {
    first();
    return then();
  };
