import { ChangeMessageVisibilityCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** Hides a received message for a number of seconds, by its receipt handle. */
export type MessageDelay = (receiptHandle: string, seconds: number) => Promise<void>;

/** SQS hides a message for twelve hours at most, from its receipt on. A run takes some of that. */
const MOST_SECONDS = 43_000;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export const sqsMessageDelay =
  (client: SQSClient, queueUrl: string): MessageDelay =>
  async (receiptHandle, seconds) => {
    await client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queueUrl,
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: Math.min(Math.max(seconds, 1), MOST_SECONDS),
      }),
    );
  };
