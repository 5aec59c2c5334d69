import { batchEntries, runBatch } from "./batch.ts";
import { text } from "./input.ts";
import type { Handler } from "./operation.ts";
import { queueOf } from "./queue-url.ts";

/** `DeleteMessage`. */
export const deleteMessage: Handler = (context, { input }) => {
  queueOf(context, input).deleteMessage(text(input, "ReceiptHandle"));
  return {};
};

/** `DeleteMessageBatch`. */
export const deleteMessageBatch: Handler = (context, { input }) => {
  const queue = queueOf(context, input);
  return runBatch(batchEntries(input, "DeleteMessageBatchRequestEntry"), (entry) => {
    queue.deleteMessage(text(entry, "ReceiptHandle"));
    return {};
  });
};
