import { text } from "./input.ts";
import type { Handler } from "./operation.ts";
import { queueOf } from "./queue-url.ts";

/** `DeleteMessage`. */
export const deleteMessage: Handler = (context, { input }) => {
  queueOf(context, input).deleteMessage(text(input, "ReceiptHandle"));
  return {};
};
