import { randomUUID } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sha256 } from "../domain/canonical-json.ts";
import type { Cause, ConvergeQueue } from "../ports/converge-queue.ts";

/**
 * The FIFO queue in front of converge. The message group is the binding, so that one worker at a
 * time has it. The deduplication id is fresh for every send: SQS drops a known one for five
 * minutes, whatever became of the message.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
 */
export function sqsConvergeQueue(client: SQSClient, queueUrl: string): ConvergeQueue {
  const send = async (binding: string, cause: Cause, deduplicationId: string) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ binding, cause }),
        MessageGroupId: binding,
        MessageDeduplicationId: deduplicationId,
      }),
    );
  };
  return {
    send: (binding, cause) => send(binding, cause, randomUUID()),
    sendOnce: (binding, cause, turn) => send(binding, cause, sha256(`${binding} ${turn}`)),
  };
}
