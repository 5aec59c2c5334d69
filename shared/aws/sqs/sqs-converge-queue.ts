import { randomUUID } from "node:crypto";
import { GetQueueAttributesCommand, SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { Cause, ConvergeQueue } from "../../ports/converge-queue.ts";

/**
 * The FIFO queue that feeds converge. The message group is the subject, so one worker at a time has
 * it. Each send has a new deduplication id. SQS drops a repeated one for five minutes, even after
 * the first message was handled.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export function sqsConvergeQueue(client: () => SQSClient, queueUrl: string): ConvergeQueue {
  const send = async (subject: string, cause: Cause, deduplicationId: string) => {
    await client().send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ subject, cause }),
        MessageGroupId: subject,
        MessageDeduplicationId: deduplicationId,
      }),
    );
  };
  return {
    send: (subject, cause) => send(subject, cause, randomUUID()),
    async backlog() {
      const { Attributes } = await client().send(
        new GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: ["ApproximateNumberOfMessages"],
        }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages ?? 0);
    },
    sendOnce: (subject, cause, turn) => send(subject, cause, sha256(`${subject} ${turn}`)),
  };
}
