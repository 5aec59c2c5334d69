/** Makes one access entry what it should be: the only function that touches EKS. */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context, SQSEvent, SQSRecord, SQSRecordAttributes } from "aws-lambda";
import { convergePorts, messageHolds } from "../shared/aws/composition-root.ts";
import { convergeConfig } from "../shared/config.ts";
import { checkCluster } from "../shared/usecases/clusters/check-cluster.ts";
import { type ConvergeReport, converge } from "../shared/usecases/converge/converge.ts";

const logger = new Logger({ serviceName: "converge" });
const metrics = new Metrics({ serviceName: "converge" });

// The clients outlive an invocation, and have to respect the one that is running.
let millisLeft = () => 0;
let ended = new AbortController();
const config = convergeConfig();
const ports = convergePorts(
  config,
  () => millisLeft(),
  () => ended.signal,
);
const holdOf = messageHolds(config);

/** Feeds the paging alarms of the same names. */
function report({ overdueGrants, bareEntries, fusesRefused }: ConvergeReport) {
  metrics.addMetric("OverdueGrants", MetricUnit.Count, overdueGrants);
  metrics.addMetric("BareEntry", MetricUnit.Count, bareEntries);
  metrics.addMetric("FuseRefused", MetricUnit.Count, fusesRefused);
  metrics.publishStoredMetrics();
}

const BINDING = /^[0-9a-f]{64}$/;
const CLUSTER = /^cluster\/(.+)$/;

/**
 * How long it waited in the queue, in seconds, by SQS's own clock. From a failed run to the next
 * one is not in it: that says nothing of the queue's length.
 */
const waited = ({ SentTimestamp, ApproximateFirstReceiveTimestamp }: SQSRecordAttributes): number =>
  Math.max(0, Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp)) / 1_000;

/**
 * Takes one message: its message group is its subject, and nothing else of it is believed. What
 * is to be done is read from the tables. A message that fails returns after its visibility.
 */
export const handler = async (event: SQSEvent, context: Context): Promise<void> => {
  logger.addContext(context);
  millisLeft = () => context.getRemainingTimeInMillis();
  ended = new AbortController();
  try {
    for (const record of event.Records) await take(record);
  } finally {
    // A call that nobody waits for any more must not go on into the next invocation.
    ended.abort();
  }
};

async function take({ attributes, body, messageId, receiptHandle }: SQSRecord): Promise<void> {
  const subject = attributes.MessageGroupId ?? "";
  const waitedSeconds = waited(attributes);
  logger.info("converging", { subject, body, waitedSeconds });
  const run = {
    millisLeft,
    hold: holdOf(receiptHandle),
    waitedSeconds,
    log: (message: string, facts: object) => logger.warn(message, { ...facts }),
  };
  const cluster = CLUSTER.exec(subject)?.[1];
  if (cluster !== undefined) await checkCluster(ports, cluster, run);
  else if (BINDING.test(subject)) report(await converge(ports, subject, run));
  else throw new Error(`Message ${messageId} is of no subject that converge knows.`);
}
