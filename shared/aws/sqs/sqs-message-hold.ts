import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { MessageHold } from "../../ports/message-hold.ts";

/** One received message, and how long a run needs it. */
export interface HeldMessage {
  readonly queueUrl: string;
  readonly receiptHandle: string;
  /** The queue's visibility timeout, which is longer than any run. */
  readonly visibilitySeconds: number;
}

/** SQS's errors for a receipt that is no longer valid. */
const LOST: ReadonlySet<string> = new Set(["ReceiptHandleIsInvalid", "MessageNotInflight"]);
const PREFIX = /^AWS\.SimpleQueueService\./;

/**
 * Holds a message of the converge queue. AWS documents two errors for a lost receipt. A FIFO queue
 * may also answer InvalidParameterValue, where only the text says what is invalid.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
export const sqsMessageHold = (
  client: SQSClient,
  { queueUrl, receiptHandle, visibilitySeconds }: HeldMessage,
): MessageHold => ({
  async extend() {
    const command = new ChangeMessageVisibilityCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: visibilitySeconds,
    });
    try {
      await client.send(command);
      return true;
    } catch (error) {
      return !isLost(error);
    }
  },
});

function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const name = error.name.replace(PREFIX, "");
  return LOST.has(name) || (name === "InvalidParameterValue" && HANDLE_IS_OLD.test(error.message));
}

/** `Value … for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.` */
const HANDLE_IS_OLD = /parameter ReceiptHandle .*(expired|not available for visibility)/is;
