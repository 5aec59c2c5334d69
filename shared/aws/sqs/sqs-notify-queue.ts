import { randomUUID } from "node:crypto";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { NotifyQueue } from "../../ports/notify-queue.ts";

/**
 * The FIFO queue in front of notify. The message group is the request's id, so that one worker at a
 * time speaks about it. A message says nothing: what is to be shown is read from the table.
 */
export function sqsNotifyQueue(client: SQSClient, queueUrl: string): NotifyQueue {
  const send = async (requestId: string, deduplicationId: string) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ requestId }),
        MessageGroupId: requestId,
        MessageDeduplicationId: deduplicationId,
      }),
    );
  };
  return {
    wake: (requestId) => send(requestId, randomUUID()),
    wakeOnce: (requestId, turn) => send(requestId, sha256(`${requestId} ${turn}`)),
  };
}
