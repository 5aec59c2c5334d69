import { queueDoesNotExist } from "./errors.ts";
import type { SqsContext } from "./operation.ts";
import type { Queue } from "./queue.ts";
import type { QueueState } from "./state.ts";

/** What the store keeps of an open queue: its attributes, tags and times. For reading only. */
export function storedQueue(context: SqsContext, queue: Queue): QueueState {
  const stored = context.sqs.state.queues[queue.name];
  if (stored === undefined) throw queueDoesNotExist();
  return stored;
}
