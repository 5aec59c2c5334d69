import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import type { Attempt } from "./attempt.ts";

export const send =
  (queue: string, group = false): Attempt =>
  ({ sqs }, account) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: account.queue(queue).url,
        MessageBody: "{}",
        ...(group ? { MessageGroupId: "b", MessageDeduplicationId: crypto.randomUUID() } : {}),
      }),
    );
export const receive: Attempt = ({ sqs }, account) =>
  sqs.send(new ReceiveMessageCommand({ QueueUrl: account.queue("timelatch-converge.fifo").url }));
export const backlog: Attempt = ({ sqs }, account) =>
  sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: account.queue("timelatch-converge.fifo").url,
      AttributeNames: ["ApproximateNumberOfMessages"],
    }),
  );
export const purge: Attempt = ({ sqs }, account) =>
  sqs.send(new PurgeQueueCommand({ QueueUrl: account.queue("timelatch-converge.fifo").url }));
