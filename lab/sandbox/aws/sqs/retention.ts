import { settingsOf } from "./queue-attributes.ts";
import type { QueueState, StoredMessage } from "./state.ts";

/** How long a deduplication id is remembered, whatever became of its message. */
const DEDUPLICATION_MS = 5 * 60 * 1000;

/** The messages younger than the retention period. */
export function unexpired(queue: QueueState, at: number): StoredMessage[] {
  const oldest = at - settingsOf(queue).retentionSeconds * 1000;
  return queue.messages.filter(({ sentAt }) => sentAt > oldest);
}

/** Drops messages older than the retention period and deduplication ids older than five minutes. */
export function forgetExpired(queue: QueueState, at: number): void {
  queue.messages = unexpired(queue, at);
  queue.deduplication = Object.fromEntries(
    Object.entries(queue.deduplication).filter(([, seen]) => at - seen.at < DEDUPLICATION_MS),
  );
}

/** Takes the message out of the queue. */
export function remove(queue: QueueState, message: StoredMessage): void {
  queue.messages = queue.messages.filter(({ messageId }) => messageId !== message.messageId);
}
