import type { SQSRecordAttributes } from "aws-lambda";

/**
 * How long a message waited in the queue before it was first received, in seconds, by SQS's clock. Time
 * after a failed run does not count, because it says nothing about the queue's length.
 */
export const secondsWaited = ({
  SentTimestamp,
  ApproximateFirstReceiveTimestamp,
}: Pick<SQSRecordAttributes, "SentTimestamp" | "ApproximateFirstReceiveTimestamp">): number =>
  Math.max(0, Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp)) / 1_000;
