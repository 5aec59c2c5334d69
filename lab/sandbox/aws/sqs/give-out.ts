import { deadLetterQueueOf, moveToDeadLetters } from "./dead-letters.ts";
import { md5OfAttributes, md5OfBody } from "./md5.ts";
import { settingsOf } from "./queue-attributes.ts";
import { newReceiptHandle } from "./receipt-handle.ts";
import { unexpired } from "./retention.ts";
import type { MessageAttributes, QueueState, SqsState, StoredMessage } from "./state.ts";

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

export interface ReceiveOptions {
  /** 1 to 10; 1 unless said. */
  readonly max?: number;
  /** The queue's own unless said. */
  readonly visibilityTimeoutSeconds?: number;
  /**
   * Asked once there are messages to give out. Answers after how many milliseconds they become
   * visible again, whatever their visibility timeout becomes. SQS delivers at least once.
   */
  readonly overlap?: () => number | undefined;
}

/** Picks the messages that a receive takes, and those that are dead. Changes nothing. */
export function select(state: SqsState, queue: QueueState, at: number, max = 1) {
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

/** Hides the messages that are received, and moves those received too often to the dead letters. */
export function giveOut(
  state: SqsState,
  queue: QueueState,
  at: number,
  { max, visibilityTimeoutSeconds, overlap }: ReceiveOptions,
): readonly ReceivedMessage[] {
  const { take, dead } = select(state, queue, at, max);
  for (const message of dead) moveToDeadLetters(state, queue, message, at);
  const timeout = visibilityTimeoutSeconds ?? settingsOf(queue).visibilityTimeoutSeconds;
  const overlapMs = take.length > 0 ? overlap?.() : undefined;
  const againAt = overlapMs === undefined ? undefined : at + overlapMs;
  return take.map((message) => hide(queue, message, timeout, at, againAt));
}

/**
 * Hides a message for its timeout and answers what is received.
 * @param againAt when a fault gives it out again, in milliseconds since 1970
 */
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
export function visibleAgain({ againAt }: StoredMessage, visibleAt: number): number {
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
