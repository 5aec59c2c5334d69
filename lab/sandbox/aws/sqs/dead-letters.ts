import type { Store } from "../store.ts";
import { NEVER_RECEIVED } from "./add-message.ts";
import { deduplicationKey, nextSequenceNumber } from "./fifo-identity.ts";
import { settingsOf } from "./queue-attributes.ts";
import { remove } from "./retention.ts";
import { signalOf } from "./signal.ts";
import type { QueueState, SqsState, StoredMessage } from "./state.ts";

/**
 * The message keeps its id, its group and its deduplication id. In a FIFO queue its age starts
 * again; in a standard queue it does not. Its receives are counted from zero (AWS documents neither
 * way).
 */
export function moveToDeadLetters(
  state: SqsState,
  queue: QueueState,
  message: StoredMessage,
  at: number,
): void {
  const { fifo } = settingsOf(queue);
  const target = deadLetterQueueOf(state, queue);
  if (target === undefined) return;
  remove(queue, message);
  const moved: StoredMessage = {
    ...message,
    ...NEVER_RECEIVED,
    sentAt: fifo ? at : message.sentAt,
    visibleAt: at,
    deadLetterQueueSourceArn: queue.arn,
    ...(fifo ? { sequenceNumber: nextSequenceNumber(target) } : {}),
  };
  target.messages.push(moved);
  const { messageGroupId: group, messageDeduplicationId: id, sequenceNumber } = moved;
  if (group === undefined || id === undefined || sequenceNumber === undefined) return;
  const key = deduplicationKey(settingsOf(target).deduplicationScope, group, id);
  target.deduplication[key] = { at, messageId: moved.messageId, sequenceNumber };
}

/** The queue's dead-letter queue, if it has one that exists. */
export function deadLetterQueueOf(state: SqsState, queue: QueueState): QueueState | undefined {
  const arn = settingsOf(queue).redrive?.deadLetterTargetArn;
  return Object.values(state.queues).find((candidate) => candidate.arn === arn);
}

/** Wakes who waits for the queue's dead letters. */
export function raiseDeadLetterSignal(store: Store<SqsState>, queue: QueueState): void {
  const arn = settingsOf(queue).redrive?.deadLetterTargetArn;
  if (arn !== undefined) signalOf(store, arn.slice(arn.lastIndexOf(":") + 1)).raise();
}
