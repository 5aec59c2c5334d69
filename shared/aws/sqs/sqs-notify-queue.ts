import { randomUUID } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { NotifyQueue } from "../../ports/notify-queue.ts";

/**
 * The FIFO queue in front of notify. The message group is the subject, so that one worker at a
 * time speaks about it. A message says nothing: what is to be shown is read from the table.
 */
export function sqsNotifyQueue(client: () => SQSClient, queueUrl: string): NotifyQueue {
  const send = async (subject: string, deduplicationId: string) => {
    await client().send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ subject }),
        MessageGroupId: subject,
        MessageDeduplicationId: deduplicationId,
      }),
    );
  };
  return {
    wake: (subject) => send(subject, randomUUID()),
    wakeOnce: (subject, turn) => send(subject, sha256(`${subject} ${turn}`)),
  };
}
