import { queueDoesNotExist } from "./errors.ts";
import type { SqsContext } from "./operation.ts";
import type { Queue } from "./queue.ts";
import type { QueueState } from "./state.ts";

/** The stored form of an open queue: its attributes, tags and times. It is only for reading. */
export function storedQueue(context: SqsContext, queue: Queue): QueueState {
  const stored = context.sqs.state.queues[queue.name];
  if (stored === undefined) throw queueDoesNotExist();
  return stored;
}
