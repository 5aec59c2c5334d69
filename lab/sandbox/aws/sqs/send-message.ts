import type { NewMessage } from "./add-message.ts";
import { md5OfAttributes, md5OfBody } from "./md5.ts";
import { newMessageOf } from "./new-message.ts";
import type { Handler } from "./operation.ts";
import type { Queue } from "./queue.ts";
import { queueOf } from "./queue-url.ts";
import { storedQueue } from "./stored-queue.ts";

/** `SendMessage`. The MD5s are of what was sent now, also where deduplication answers. */
export const sendMessage: Handler = (context, { input, caller }) => {
  const queue = queueOf(context, input);
  return sendResult(queue, newMessageOf(storedQueue(context, queue), input, caller.userId));
};

/** Sends, and answers in the members of SendMessage's result. */
export function sendResult(queue: Queue, message: NewMessage): Readonly<Record<string, unknown>> {
  const sent = queue.send(message);
  const attributes = md5OfAttributes(message.messageAttributes ?? {});
  const system = md5OfAttributes(message.systemAttributes ?? {});
  return {
    MessageId: sent.messageId,
    MD5OfMessageBody: md5OfBody(message.body),
    ...(attributes === undefined ? {} : { MD5OfMessageAttributes: attributes }),
    ...(system === undefined ? {} : { MD5OfMessageSystemAttributes: system }),
    ...(sent.sequenceNumber === undefined ? {} : { SequenceNumber: sent.sequenceNumber }),
  };
}
