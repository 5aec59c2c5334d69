import type { Handler } from "./operation.ts";
import { queueOf } from "./queue-url.ts";

/**
 * `DeleteQueue`. AWS takes up to a minute for it; here the queue is gone at once.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html
 */
export const deleteQueue: Handler = (context, { input }) => {
  const { name } = queueOf(context, input);
  context.deletedAt.set(name, context.now());
  context.sqs.change(({ queues }) => {
    delete queues[name];
  });
  return {};
};

/** `PurgeQueue`. Immediate here; AWS takes up to 60 seconds. @throws PurgeQueueInProgress */
export const purgeQueue: Handler = (context, { input }) => {
  queueOf(context, input).purge();
  return {};
};
