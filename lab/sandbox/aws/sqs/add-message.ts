import { createHash, randomUUID } from "node:crypto";
import { missingParameter, sqsError } from "./errors.ts";
import { deduplicationKey, nextSequenceNumber } from "./fifo-identity.ts";
import { settingsOf } from "./queue-attributes.ts";
import { forgetExpired } from "./retention.ts";
import type { MessageAttributes, QueueState, StoredMessage } from "./state.ts";

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

/** The fields of a message before its first receive. */
export const NEVER_RECEIVED = {
  receiveCount: 0,
  firstReceivedAt: null,
  lastReceivedAt: null,
  receiptHandle: null,
} as const;

/**
 * Adds a message, or finds the one that its deduplication id stands for.
 * @throws MissingParameter, InvalidParameterValue
 */
export function addMessage(queue: QueueState, message: NewMessage, at: number): SentMessage {
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
