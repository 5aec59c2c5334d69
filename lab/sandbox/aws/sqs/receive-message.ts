import type { AwsError } from "../service.ts";
import { notEmulated, sqsError } from "./errors.ts";
import type { ReceivedMessage } from "./give-out.ts";
import { type Input, optionalInteger, texts } from "./input.ts";
import { MAXIMUM_MESSAGES, VISIBILITY, WAIT } from "./limits.ts";
import { md5OfAttributes } from "./md5.ts";
import type { Handler } from "./operation.ts";
import { settingsOf } from "./queue-attributes.ts";
import { queueOf } from "./queue-url.ts";
import type { MessageAttributes } from "./state.ts";
import { storedQueue } from "./stored-queue.ts";

const SYSTEM_ATTRIBUTES: readonly string[] = [
  "All",
  "AWSTraceHeader",
  "ApproximateFirstReceiveTimestamp",
  "ApproximateReceiveCount",
  "DeadLetterQueueSourceArn",
  "MessageDeduplicationId",
  "MessageGroupId",
  "SenderId",
  "SentTimestamp",
  "SequenceNumber",
];

/**
 * `ReceiveMessage`, with long polling: it answers at the first message, or empty after the wait. A
 * client that goes away meanwhile does not take its poll back, as in AWS.
 */
export const receiveMessage: Handler = async (context, { input, caller }) => {
  const queue = queueOf(context, input);
  const settings = settingsOf(storedQueue(context, queue));
  const max = optionalInteger(input, "MaxNumberOfMessages", MAXIMUM_MESSAGES) ?? 1;
  const visibility = optionalInteger(input, "VisibilityTimeout", VISIBILITY);
  const waitSeconds =
    optionalInteger(input, "WaitTimeSeconds", WAIT) ?? settings.receiveWaitSeconds;
  if (input["ReceiveRequestAttemptId"] !== undefined) throw notEmulated("ReceiveRequestAttemptId");
  const systemNames = systemNamesOf(input);
  const attributeNames = texts(input, "MessageAttributeNames");

  const until = context.now() + waitSeconds * 1000;
  const options = {
    max,
    overlap: () => context.overlap(caller),
    ...(visibility === undefined ? {} : { visibilityTimeoutSeconds: visibility }),
  };
  let messages = queue.receive(options);
  for (let left = until - context.now(); messages.length === 0 && left > 0; ) {
    await queue.changed(left);
    messages = queue.receive(options);
    left = until - context.now();
  }
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => onWire(message, systemNames, attributeNames)) };
};

/** `AttributeNames` is the older member of the same meaning. @throws InvalidAttributeName */
function systemNamesOf(input: Input): ReadonlySet<string> {
  const names = [...texts(input, "AttributeNames"), ...texts(input, "MessageSystemAttributeNames")];
  const unknown = names.find((name) => !SYSTEM_ATTRIBUTES.includes(name));
  if (unknown !== undefined) throw unknownAttribute(unknown);
  return new Set(names);
}

export function unknownAttribute(name: string): AwsError {
  return sqsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
}

function onWire(
  message: ReceivedMessage,
  systemNames: ReadonlySet<string>,
  attributeNames: readonly string[],
): Readonly<Record<string, unknown>> {
  const system = Object.entries(message.attributes).filter(
    ([name]) => systemNames.has("All") || systemNames.has(name),
  );
  const attributes: MessageAttributes = Object.fromEntries(
    Object.entries(message.messageAttributes).filter(([name]) => wanted(name, attributeNames)),
  );
  const md5 = md5OfAttributes(attributes);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    ...(system.length === 0 ? {} : { Attributes: Object.fromEntries(system) }),
    ...(md5 === undefined ? {} : { MD5OfMessageAttributes: md5, MessageAttributes: attributes }),
  };
}

/** `All` and `.*` ask for every attribute, `prefix.*` for those that begin so. */
function wanted(name: string, asked: readonly string[]): boolean {
  return asked.some(
    (each) =>
      each === "All" ||
      each === name ||
      (each.endsWith(".*") && name.startsWith(each.slice(0, -2))),
  );
}
