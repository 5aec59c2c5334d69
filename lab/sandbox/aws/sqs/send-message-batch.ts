import { batchEntries, runBatch } from "./batch.ts";
import { sqsError } from "./errors.ts";
import type { Input } from "./input.ts";
import { messageBytes, newMessageOf } from "./new-message.ts";
import type { Handler } from "./operation.ts";
import { queueOf } from "./queue-url.ts";
import { sendResult } from "./send-message.ts";
import { storedQueue } from "./stored-queue.ts";

/** The messages of one batch together, in bytes. */
const MAXIMUM_BYTES = 1_048_576;

/** `SendMessageBatch`: in the order of the entries. @throws BatchRequestTooLong */
export const sendMessageBatch: Handler = (context, { input, caller }) => {
  const queue = queueOf(context, input);
  const stored = storedQueue(context, queue);
  const entries = batchEntries(input, "SendMessageBatchRequestEntry");
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (bytes > MAXIMUM_BYTES)
    throw sqsError(
      "BatchRequestTooLong",
      `Batch requests cannot be longer than ${MAXIMUM_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
  return runBatch(entries, (entry) =>
    sendResult(queue, newMessageOf(stored, entry, caller.userId)),
  );
};

/** An entry that is refused on its own anyway counts only with its body. */
function sizeOf(entry: Input): number {
  const body = entry["MessageBody"];
  const attributes = entry["MessageAttributes"];
  return messageBytes({
    body: typeof body === "string" ? body : "",
    senderId: "",
    messageAttributes:
      typeof attributes === "object" && attributes !== null
        ? (attributes as Record<string, { readonly DataType: string }>)
        : {},
  });
}
