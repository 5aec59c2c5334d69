import { texts } from "./input.ts";
import type { Handler, SqsContext } from "./operation.ts";
import type { Queue } from "./queue.ts";
import { effectiveAttributes } from "./queue-attributes.ts";
import { queueOf } from "./queue-url.ts";
import { unknownAttribute } from "./receive-message.ts";
import { storedQueue } from "./stored-queue.ts";

/** Names that may be asked for of any queue, whether or not it has such an attribute. */
const NAMES: readonly string[] = [
  "All",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesDelayed",
  "ApproximateNumberOfMessagesNotVisible",
  "ContentBasedDeduplication",
  "CreatedTimestamp",
  "DeduplicationScope",
  "DelaySeconds",
  "FifoQueue",
  "FifoThroughputLimit",
  "KmsDataKeyReusePeriodSeconds",
  "KmsMasterKeyId",
  "LastModifiedTimestamp",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "Policy",
  "QueueArn",
  "ReceiveMessageWaitTimeSeconds",
  "RedriveAllowPolicy",
  "RedrivePolicy",
  "SqsManagedSseEnabled",
  "VisibilityTimeout",
];

/** `GetQueueAttributes`. The counts are exact here. @throws InvalidAttributeName */
export const getQueueAttributes: Handler = (context, { input }) => {
  const queue = queueOf(context, input);
  const names = texts(input, "AttributeNames");
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
  const attributes = Object.entries(allAttributes(context, queue)).filter(
    ([name]) => names.includes("All") || names.includes(name),
  );
  return attributes.length === 0 ? {} : { Attributes: Object.fromEntries(attributes) };
};

function allAttributes(context: SqsContext, queue: Queue): Readonly<Record<string, string>> {
  const stored = storedQueue(context, queue);
  const { visible, inFlight, delayed } = queue.counts();
  const policy = stored.policies?.at(-1);
  return {
    ...effectiveAttributes(stored),
    ...(policy === undefined ? {} : { Policy: JSON.stringify(policy) }),
    QueueArn: stored.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(stored.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(stored.modifiedAt / 1000)),
  };
}
