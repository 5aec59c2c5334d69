/**
 * The engine of one queue, for the operations of the SQS API and Lambda's event source mapping.
 * Sources: SQS Developer Guide, "Amazon SQS visibility timeout", "FIFO delivery logic",
 * "Exactly-once processing", "Dead-letter queues".
 */
import type { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import { addMessage, type NewMessage, type SentMessage } from "./add-message.ts";
import { raiseDeadLetterSignal } from "./dead-letters.ts";
import { invalidValue, queueDoesNotExist, sqsError } from "./errors.ts";
import {
  giveOut,
  type ReceivedMessage,
  type ReceiveOptions,
  select,
  visibleAgain,
} from "./give-out.ts";
import { settingsOf } from "./queue-attributes.ts";
import { parseReceiptHandle } from "./receipt-handle.ts";
import { forgetExpired, remove, unexpired } from "./retention.ts";
import { type Signal, signalOf } from "./signal.ts";
import type { QueueState, SqsState, StoredMessage } from "./state.ts";

/** From the receive on, a message can be hidden no longer than this. */
export const LONGEST_VISIBILITY_SECONDS = 43_200;

interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  /**
   * Adds a message. In a FIFO queue a deduplication id seen within five minutes adds nothing. It
   * answers the first message, even a deleted one.
   *
   * @throws MissingParameter, InvalidParameterValue
   */
  send(message: NewMessage): SentMessage;
  /**
   * Takes up to `max` visible messages and hides them for `visibilityTimeoutSeconds`. A FIFO group
   * with a hidden message gives nothing. A message already received `maxReceiveCount` times goes to
   * the dead-letter queue instead.
   */
  receive(options?: ReceiveOptions): readonly ReceivedMessage[];
  /**
   * Deletes what the handle received. A message that was deleted is no error. A stale handle
   * deletes nothing: a standard queue accepts it, and a FIFO queue refuses it.
   *
   * @throws ReceiptHandleIsInvalid, InvalidParameterValue (FIFO, expired)
   */
  deleteMessage(receiptHandle: string): void;
  /**
   * Hides a message in flight for these seconds from now on; 0 makes it visible. A message that is
   * visible again is not in flight. In a FIFO queue, the handle of an earlier receive is refused as
   * by `deleteMessage`. AWS documents only that the call "might result in an error"
   * (API_ChangeMessageVisibility).
   *
   * @throws ReceiptHandleIsInvalid, InvalidParameterValue, MessageNotInflight
   */
  changeVisibility(receiptHandle: string, visibilityTimeoutSeconds: number): void;
  /** Deletes every message, those in flight too. @throws PurgeQueueInProgress within 60 s */
  purge(): void;
  counts(): MessageCounts;
  /**
   * Resolves when something may have become visible, and at the latest after `ms`. That is after a
   * send, a delete, a change of visibility, or when the next hidden message returns.
   */
  changed(ms: number): Promise<void>;
}

/**
 * Opens a declared queue. Any number of openings of one store share its messages and its signals.
 *
 * @param id the queue's name or its ARN.
 * @throws QueueDoesNotExist
 */
export function openQueue(store: Store<SqsState>, id: string, now: () => number = Date.now): Queue {
  const name = id.slice(id.lastIndexOf(":") + 1);
  const found = store.state.queues[name];
  if (found === undefined || (id !== name && id !== found.arn)) throw queueDoesNotExist();
  return new StoredQueue(store, name, found.arn, now);
}

class StoredQueue implements Queue {
  readonly name: string;
  readonly arn: string;
  readonly #store: Store<SqsState>;
  readonly #signal: Signal;
  readonly #now: () => number;

  constructor(store: Store<SqsState>, name: string, arn: string, now: () => number) {
    this.name = name;
    this.arn = arn;
    this.#store = store;
    this.#signal = signalOf(store, name);
    this.#now = now;
  }

  send(message: NewMessage): SentMessage {
    return this.#change((queue) => addMessage(queue, message, this.#now()));
  }

  receive(options: ReceiveOptions = {}): readonly ReceivedMessage[] {
    const at = this.#now();
    const { take, dead } = select(this.#store.state, this.#read(), at, options.max);
    // Idle pollers ask all the time: nothing is stored unless something is given out.
    if (take.length + dead.length === 0) return [];
    const received = this.#change((queue, state) => {
      forgetExpired(queue, at);
      return giveOut(state, queue, at, options);
    });
    if (dead.length > 0) raiseDeadLetterSignal(this.#store, this.#read());
    return received;
  }

  deleteMessage(receiptHandle: string): void {
    const message = findByHandle(this.#read(), receiptHandle);
    if (message === undefined) return;
    const current = message.receiptHandle === receiptHandle;
    if (settingsOf(this.#read()).fifo && (!current || message.visibleAt <= this.#now()))
      throw expired(receiptHandle);
    if (!current) return;
    this.#change((queue) => remove(queue, message));
  }

  changeVisibility(receiptHandle: string, visibilityTimeoutSeconds: number): void {
    const at = this.#now();
    const message = findByHandle(this.#read(), receiptHandle);
    if (message === undefined) throw notAvailable(receiptHandle);
    const current = message.receiptHandle === receiptHandle;
    if (settingsOf(this.#read()).fifo && !current) throw expired(receiptHandle);
    if (!current || message.visibleAt <= at)
      throw sqsError("MessageNotInflight", "The specified message isn't in flight.");
    const visibleAt = at + visibilityTimeoutSeconds * 1000;
    const limit = (message.lastReceivedAt ?? at) + LONGEST_VISIBILITY_SECONDS * 1000;
    if (visibleAt > limit) throw hiddenTooLong(visibilityTimeoutSeconds);
    this.#change((queue) => {
      const stored = findByHandle(queue, receiptHandle);
      if (stored !== undefined) stored.visibleAt = visibleAgain(stored, visibleAt);
    });
  }

  purge(): void {
    const at = this.#now();
    const { purgedAt } = this.#read();
    if (purgedAt !== null && at - purgedAt < 60_000)
      throw sqsError(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${this.name} is allowed every 60 seconds.`,
      );
    this.#change((queue) => {
      queue.messages = [];
      queue.purgedAt = at;
    });
  }

  counts(): MessageCounts {
    const at = this.#now();
    const kept = unexpired(this.#read(), at);
    const hidden = kept.filter((message) => message.visibleAt > at);
    const inFlight = hidden.filter((message) => message.receiptHandle !== null).length;
    return {
      visible: kept.length - hidden.length,
      inFlight,
      delayed: hidden.length - inFlight,
    };
  }

  changed(ms: number): Promise<void> {
    const at = this.#now();
    const returns = this.#read()
      .messages.map((message) => message.visibleAt - at)
      .filter((wait) => wait > 0);
    return this.#signal.wait(Math.max(1, Math.min(ms, ...returns)));
  }

  #read(): QueueState {
    return queueIn(this.#store.state, this.name);
  }

  #change<Result>(mutate: (queue: QueueState, state: SqsState) => Result): Result {
    const result = this.#store.change((state) => mutate(queueIn(state, this.name), state));
    this.#signal.raise();
    return result;
  }
}

/** The text of SQS, as seen for DeleteMessage (aws/aws-sdk-js#1279, #1750). */
function expired(receiptHandle: string): AwsError {
  return invalidValue(receiptHandle, "ReceiptHandle", "The receipt handle has expired.");
}

function notAvailable(receiptHandle: string): AwsError {
  return invalidValue(
    receiptHandle,
    "ReceiptHandle",
    "Message does not exist or is not available for visibility timeout change.",
  );
}

function hiddenTooLong(visibilityTimeoutSeconds: number): AwsError {
  return invalidValue(
    visibilityTimeoutSeconds,
    "VisibilityTimeout",
    `Total VisibilityTimeout for the message is beyond the limit [${LONGEST_VISIBILITY_SECONDS} seconds]`,
  );
}

function queueIn(state: SqsState, name: string): QueueState {
  const queue = state.queues[name];
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

/** @throws ReceiptHandleIsInvalid for what this queue never gave out. */
function findByHandle(queue: QueueState, receiptHandle: string): StoredMessage | undefined {
  const messageId = parseReceiptHandle(queue.arn, receiptHandle);
  if (messageId === undefined)
    throw sqsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${receiptHandle}" is not a valid receipt handle.`,
    );
  return queue.messages.find((message) => message.messageId === messageId);
}
