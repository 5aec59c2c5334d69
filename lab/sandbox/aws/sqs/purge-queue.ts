import type { Handler } from "./operation.ts";
import { queueOf } from "./queue-url.ts";

/** `PurgeQueue`. Immediate here; AWS takes up to 60 seconds. @throws PurgeQueueInProgress */
export const purgeQueue: Handler = (context, { input }) => {
  queueOf(context, input).purge();
  return {};
};
