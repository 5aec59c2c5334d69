import { batchEntries, runBatch } from "./batch.ts";
import { missingParameter } from "./errors.ts";
import { type Input, optionalInteger, text } from "./input.ts";
import { VISIBILITY } from "./limits.ts";
import type { Handler } from "./operation.ts";
import type { Queue } from "./queue.ts";
import { queueOf } from "./queue-url.ts";

/** `ChangeMessageVisibility`. */
export const changeMessageVisibility: Handler = (context, { input }) => {
  changeVisibility(queueOf(context, input), input);
  return {};
};

/** One change, of the call itself or of a batch entry. @throws MissingParameter */
function changeVisibility(queue: Queue, input: Input): void {
  const handle = text(input, "ReceiptHandle");
  const seconds = optionalInteger(input, "VisibilityTimeout", VISIBILITY);
  if (seconds === undefined) throw missingParameter("VisibilityTimeout");
  queue.changeVisibility(handle, seconds);
}

/** `ChangeMessageVisibilityBatch`. */
export const changeMessageVisibilityBatch: Handler = (context, { input }) => {
  const queue = queueOf(context, input);
  return runBatch(batchEntries(input, "ChangeMessageVisibilityBatchRequestEntry"), (entry) => {
    changeVisibility(queue, entry);
    return {};
  });
};
