import { batchEntries, runBatch } from "./batch.ts";
import { changeVisibility } from "./change-message-visibility.ts";
import type { Handler } from "./operation.ts";
import { queueOf } from "./queue-url.ts";

/** `ChangeMessageVisibilityBatch`. */
export const changeMessageVisibilityBatch: Handler = (context, { input }) => {
  const queue = queueOf(context, input);
  return runBatch(batchEntries(input, "ChangeMessageVisibilityBatchRequestEntry"), (entry) => {
    changeVisibility(queue, entry);
    return {};
  });
};
