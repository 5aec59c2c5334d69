import { randomUUID } from "node:crypto";

/**
 * Opaque to clients, as SQS's handles are. Inside, it names the queue, the message and one receive.
 * So a stale handle differs from an invented one and from another queue's.
 */
export function newReceiptHandle(queueArn: string, messageId: string): string {
  return Buffer.from(`${randomUUID()} ${queueArn} ${messageId}`, "utf8").toString("base64");
}

/** The message's id; undefined if the queue never gave out such a handle. */
export function parseReceiptHandle(queueArn: string, receiptHandle: string): string | undefined {
  const clear = Buffer.from(receiptHandle, "base64").toString("utf8");
  const [receive, arn, messageId, ...more] = clear.split(" ");
  const ours = receive !== undefined && /^[0-9a-f-]{36}$/.test(receive) && arn === queueArn;
  return ours && more.length === 0 ? messageId : undefined;
}
