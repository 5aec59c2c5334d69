import type { Handler } from "./operation.ts";
import { queueOf } from "./queue-url.ts";
import { storedQueue } from "./stored-queue.ts";

/** `ListQueueTags`. */
export const listQueueTags: Handler = (context, { input }) => {
  const { tags } = storedQueue(context, queueOf(context, input));
  return Object.keys(tags).length === 0 ? {} : { Tags: tags };
};
