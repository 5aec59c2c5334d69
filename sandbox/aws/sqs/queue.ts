/**
 * The engine of one queue: what the operations of the SQS API and the event source mapping of
 * Lambda have in common. Sources: SQS Developer Guide, "Amazon SQS visibility timeout", "FIFO
 * delivery logic", "Exactly-once processing", "Dead-letter queues".
 */
import { createHash, randomUUID } from "node:crypto";
import type { AwsError } from "../service.ts";
import type { Store } from "../store.ts";
import { invalidValue, missingParameter, queueDoesNotExist, sqsError } from "./errors.ts";
import { md5OfAttributes, md5OfBody } from "./md5.ts";
import { settingsOf } from "./queue-attributes.ts";
import { newReceiptHandle, parseReceiptHandle } from "./receipt-handle.ts";
import { signalOf } from "./signal.ts";
import type { MessageAttributes, QueueState, SqsState, StoredMessage } from "./state.ts";

/** How long a deduplication id is remembered, whatever became of its message. */
export const DEDUPLICATION_MS = 5 * 60 * 1000;
/** From the receive on, a message can be hidden no longer than this. */
export const LONGEST_VISIBILITY_SECONDS = 43_200;

export interface NewMessage {
  readonly body: string;
  readonly messageGroupId?: string;
  readonly messageDeduplicationId?: string;
  readonly messageAttributes?: MessageAttributes;
  readonly systemAttributes?: MessageAttributes;
  /** Hides the message at first; the queue's own delay if absent. */
  readonly delaySeconds?: number;
  /** `AROA…:session`; what `SenderId` answers. */
  readonly senderId: string;
}

export interface SentMessage {
  readonly messageId: string;
  /** FIFO only. */
  readonly sequenceNumber?: string;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** All system attributes, by SQS's names: `ApproximateReceiveCount`, `MessageGroupId`, … */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: MessageAttributes;
  readonly md5OfMessageAttributes?: string;
}

export interface MessageCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export interface ReceiveOptions {
  readonly max?: number;
  readonly visibilityTimeoutSeconds?: number;
  /**
   * Asked once there is something to give out: after how many milliseconds that becomes visible
   * again, whatever its visibility timeout is or is changed to. SQS delivers at least once.
   */
  readonly overlap?: () => number | undefined;
}

export interface Queue {
  readonly name: string;
  readonly arn: string;
  /**
   * Adds a message. In a FIFO queue a deduplication id seen within five minutes adds nothing and
   * answers the first message, even after that was deleted.
   *
   * @throws MissingParameter, InvalidParameterValue
   */
  send(message: NewMessage): SentMessage;
  /**
   * Takes up to `max` (1 to 10, default 1) visible messages and hides them for
   * `visibilityTimeoutSeconds` (the queue's own by default). A FIFO group with a hidden message
   * gives nothing. A message already received `maxReceiveCount` times goes to the dead-letter
   * queue instead.
   */
  receive(options?: ReceiveOptions): readonly ReceivedMessage[];
  /**
   * Deletes what the handle received. A message that is gone is no error. A stale handle deletes
   * nothing: without a word in a standard queue, refused in a FIFO queue.
   *
   * @throws ReceiptHandleIsInvalid, InvalidParameterValue (FIFO, expired)
   */
  deleteMessage(receiptHandle: string): void;
  /**
   * Hides a message in flight for so many seconds from now on; 0 makes it visible. A message that
   * is visible again is not in flight. In a FIFO queue, the handle of an earlier receive is
   * refused as by `deleteMessage`; AWS documents MessageNotInflight and ReceiptHandleIsInvalid
   * alone, and that the call "might result in an error" (API_ChangeMessageVisibility).
   *
   * @throws ReceiptHandleIsInvalid, InvalidParameterValue, MessageNotInflight
   */
  changeVisibility(receiptHandle: string, visibilityTimeoutSeconds: number): void;
  /** Deletes every message, those in flight too. @throws PurgeQueueInProgress within 60 s */
  purge(): void;
  counts(): MessageCounts;
  /**
   * Resolves when something may have become visible: after a send, a delete, a change of
   * visibility, when the next hidden message comes back, and at the latest after `ms`.
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
  const signal = signalOf(store, name);
  const read = () => queueIn(store.state, name);
  const change = <Result>(mutate: (queue: QueueState, state: SqsState) => Result): Result => {
    const result = store.change((state) => mutate(queueIn(state, name), state));
    signal.raise();
    return result;
  };

  return {
    name,
    arn: found.arn,
    send: (message) => change((queue) => add(queue, message, now())),
    receive(options = {}) {
      const at = now();
      const max = options.max ?? 1;
      const selected = select(store.state, read(), max, at);
      // Idle pollers ask all the time: nothing is written down unless something is given out.
      if (selected.take.length + selected.dead.length === 0) return [];
      const received = change((queue, state) => {
        forgetExpired(queue, at);
        const selection = select(state, queue, max, at);
        for (const message of selection.dead) moveToDeadLetters(state, queue, message, at);
        const timeout =
          options.visibilityTimeoutSeconds ?? settingsOf(queue).visibilityTimeoutSeconds;
        const overlap = selection.take.length > 0 ? options.overlap?.() : undefined;
        const againAt = overlap === undefined ? undefined : at + overlap;
        return selection.take.map((message) => hide(queue, message, timeout, at, againAt));
      });
      if (selected.dead.length > 0) raiseDeadLetterSignal(store, read());
      return received;
    },
    deleteMessage(receiptHandle) {
      const message = findByHandle(read(), receiptHandle);
      if (message === undefined) return;
      const current = message.receiptHandle === receiptHandle;
      if (settingsOf(read()).fifo && (!current || message.visibleAt <= now()))
        throw expired(receiptHandle);
      if (!current) return;
      change((queue) => remove(queue, message));
    },
    changeVisibility(receiptHandle, visibilityTimeoutSeconds) {
      const message = findByHandle(read(), receiptHandle);
      if (message === undefined)
        throw invalidValue(
          receiptHandle,
          "ReceiptHandle",
          "Message does not exist or is not available for visibility timeout change.",
        );
      const at = now();
      const current = message.receiptHandle === receiptHandle;
      if (settingsOf(read()).fifo && !current) throw expired(receiptHandle);
      if (!current || message.visibleAt <= at)
        throw sqsError("MessageNotInflight", "The specified message isn't in flight.");
      const visibleAt = at + visibilityTimeoutSeconds * 1000;
      const limit = (message.lastReceivedAt ?? at) + LONGEST_VISIBILITY_SECONDS * 1000;
      if (visibleAt > limit)
        throw invalidValue(
          visibilityTimeoutSeconds,
          "VisibilityTimeout",
          `Total VisibilityTimeout for the message is beyond the limit [${LONGEST_VISIBILITY_SECONDS} seconds]`,
        );
      change((queue) => {
        const stored = findByHandle(queue, receiptHandle);
        if (stored !== undefined) stored.visibleAt = visibleAgain(stored, visibleAt);
      });
    },
    purge() {
      const at = now();
      const { purgedAt } = read();
      if (purgedAt !== null && at - purgedAt < 60_000)
        throw sqsError(
          "PurgeQueueInProgress",
          `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`,
        );
      change((queue) => {
        queue.messages = [];
        queue.purgedAt = at;
      });
    },
    counts() {
      const at = now();
      const kept = unexpired(read(), at);
      const hidden = kept.filter((message) => message.visibleAt > at);
      const inFlight = hidden.filter((message) => message.receiptHandle !== null).length;
      return {
        visible: kept.length - hidden.length,
        inFlight,
        delayed: hidden.length - inFlight,
      };
    },
    changed(ms) {
      const at = now();
      const returns = read()
        .messages.map((message) => message.visibleAt - at)
        .filter((wait) => wait > 0);
      return signal.wait(Math.max(1, Math.min(ms, ...returns)));
    },
  };
}

/** The text of SQS, as seen for DeleteMessage (aws/aws-sdk-js#1279, #1750). */
function expired(receiptHandle: string): AwsError {
  return invalidValue(receiptHandle, "ReceiptHandle", "The receipt handle has expired.");
}

function queueIn(state: SqsState, name: string): QueueState {
  const queue = state.queues[name];
  if (queue === undefined) throw queueDoesNotExist();
  return queue;
}

function add(queue: QueueState, message: NewMessage, at: number): SentMessage {
  forgetExpired(queue, at);
  const settings = settingsOf(queue);
  const hiddenMs = (message.delaySeconds ?? settings.delaySeconds) * 1000;
  const group = message.messageGroupId;
  if (!settings.fifo) {
    const messageId = randomUUID();
    queue.messages.push(
      newStored(message, at, hiddenMs, {
        messageId,
        ...(group === undefined ? {} : { messageGroupId: group }),
      }),
    );
    return { messageId };
  }
  if (group === undefined) throw missingParameter("MessageGroupId");
  const id =
    message.messageDeduplicationId ??
    (settings.contentBasedDeduplication
      ? createHash("sha256").update(message.body, "utf8").digest("hex")
      : undefined);
  if (id === undefined)
    throw sqsError(
      "InvalidParameterValue",
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  const key = deduplicationKey(settings.deduplicationScope, group, id);
  const earlier = queue.deduplication[key];
  if (earlier !== undefined)
    return { messageId: earlier.messageId, sequenceNumber: earlier.sequenceNumber };
  const messageId = randomUUID();
  const sequenceNumber = nextSequenceNumber(queue);
  queue.messages.push(
    newStored(message, at, hiddenMs, {
      messageId,
      sequenceNumber,
      messageGroupId: group,
      messageDeduplicationId: id,
    }),
  );
  queue.deduplication[key] = { at, messageId, sequenceNumber };
  return { messageId, sequenceNumber };
}

function newStored(
  message: NewMessage,
  at: number,
  hiddenMs: number,
  identity: Pick<
    StoredMessage,
    "messageId" | "sequenceNumber" | "messageGroupId" | "messageDeduplicationId"
  >,
): StoredMessage {
  return {
    ...identity,
    body: message.body,
    messageAttributes: message.messageAttributes ?? {},
    systemAttributes: message.systemAttributes ?? {},
    senderId: message.senderId,
    sentAt: at,
    visibleAt: at + hiddenMs,
    ...NEVER_RECEIVED,
  };
}

const NEVER_RECEIVED = {
  receiveCount: 0,
  firstReceivedAt: null,
  lastReceivedAt: null,
  receiptHandle: null,
} as const;

/** Which messages a receive takes, and which it finds to be dead. Changes nothing. */
function select(state: SqsState, queue: QueueState, max: number, at: number) {
  const { fifo, redrive } = settingsOf(queue);
  // While the dead-letter queue does not exist, messages are given out beyond their limit.
  const limit =
    redrive !== undefined && deadLetterQueueOf(state, queue) !== undefined
      ? redrive.maxReceiveCount
      : Number.POSITIVE_INFINITY;
  const kept = unexpired(queue, at);
  const blocked = new Set(
    kept.filter((message) => fifo && message.visibleAt > at).map((each) => each.messageGroupId),
  );
  const take: StoredMessage[] = [];
  const dead: StoredMessage[] = [];
  for (const message of kept) {
    if (take.length === max) break;
    if (message.visibleAt > at || (fifo && blocked.has(message.messageGroupId))) continue;
    (message.receiveCount >= limit ? dead : take).push(message);
  }
  return { take, dead };
}

function hide(
  queue: QueueState,
  message: StoredMessage,
  visibilityTimeoutSeconds: number,
  at: number,
  againAt: number | undefined,
): ReceivedMessage {
  const receiptHandle = newReceiptHandle(queue.arn, message.messageId);
  message.receiveCount += 1;
  message.firstReceivedAt ??= at;
  message.lastReceivedAt = at;
  if (againAt === undefined) delete message.againAt;
  else message.againAt = againAt;
  message.visibleAt = visibleAgain(message, at + visibilityTimeoutSeconds * 1000);
  message.receiptHandle = receiptHandle;
  const md5 = md5OfAttributes(message.messageAttributes);
  return {
    messageId: message.messageId,
    receiptHandle,
    body: message.body,
    md5OfBody: md5OfBody(message.body),
    attributes: systemAttributesOf(message),
    messageAttributes: message.messageAttributes,
    ...(md5 === undefined ? {} : { md5OfMessageAttributes: md5 }),
  };
}

/** When a message comes back that is hidden until `visibleAt`: then, or when a fault says. */
function visibleAgain({ againAt }: StoredMessage, visibleAt: number): number {
  return Math.min(visibleAt, againAt ?? visibleAt);
}

function systemAttributesOf(message: StoredMessage): Readonly<Record<string, string>> {
  const attributes: Readonly<Record<string, string | undefined>> = {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    SequenceNumber: message.sequenceNumber,
    MessageDeduplicationId: message.messageDeduplicationId,
    MessageGroupId: message.messageGroupId,
    DeadLetterQueueSourceArn: message.deadLetterQueueSourceArn,
    AWSTraceHeader: message.systemAttributes["AWSTraceHeader"]?.StringValue,
  };
  return Object.fromEntries(
    Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/**
 * The message keeps its id, its group and its deduplication id. In a FIFO queue its age starts
 * anew; in a standard queue it does not. Its receives are counted from zero (AWS documents neither
 * way).
 */
function moveToDeadLetters(
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

function deadLetterQueueOf(state: SqsState, queue: QueueState): QueueState | undefined {
  const arn = settingsOf(queue).redrive?.deadLetterTargetArn;
  return Object.values(state.queues).find((candidate) => candidate.arn === arn);
}

function raiseDeadLetterSignal(store: Store<SqsState>, queue: QueueState): void {
  const arn = settingsOf(queue).redrive?.deadLetterTargetArn;
  if (arn !== undefined) signalOf(store, arn.slice(arn.lastIndexOf(":") + 1)).raise();
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

function remove(queue: QueueState, message: StoredMessage): void {
  queue.messages = queue.messages.filter(({ messageId }) => messageId !== message.messageId);
}

/** The messages younger than the retention period. */
function unexpired(queue: QueueState, at: number): StoredMessage[] {
  const oldest = at - settingsOf(queue).retentionSeconds * 1000;
  return queue.messages.filter(({ sentAt }) => sentAt > oldest);
}

/** Drops messages older than the retention period and deduplication ids older than five minutes. */
function forgetExpired(queue: QueueState, at: number): void {
  queue.messages = unexpired(queue, at);
  queue.deduplication = Object.fromEntries(
    Object.entries(queue.deduplication).filter(([, seen]) => at - seen.at < DEDUPLICATION_MS),
  );
}

function deduplicationKey(scope: "queue" | "messageGroup", group: string, id: string): string {
  // Neither id can hold a space, so the pair is unambiguous.
  return scope === "queue" ? id : `${group} ${id}`;
}

function nextSequenceNumber(queue: QueueState): string {
  queue.lastSequence += 1;
  return String(queue.lastSequence).padStart(20, "0");
}
