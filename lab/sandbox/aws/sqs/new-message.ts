import type { NewMessage } from "./add-message.ts";
import { invalidValue, notEmulated, sqsError } from "./errors.ts";
import { type Input, optionalInteger, optionalText, structureMap, text } from "./input.ts";
import { DELAY } from "./limits.ts";
import { type QueueSettings, settingsOf } from "./queue-attributes.ts";
import type { MessageAttribute, MessageAttributes, QueueState } from "./state.ts";

/** Alphanumerics and ASCII punctuation, 1 to 128: group and deduplication ids. */
const ID = /^[!-~]{1,128}$/;
/** The characters that XML 1.0 does not allow; SQS refuses them. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
const ATTRIBUTE_NAME = /^(?!(?:aws|amazon)\.)(?!\.)(?!.*\.\.)[A-Za-z0-9_.-]{1,256}(?<!\.)$/i;
const DATA_TYPE = /^(String|Number|Binary)(\..+)?$/;
const MAXIMUM_ATTRIBUTES = 10;

/**
 * Reads and checks what SendMessage, or one entry of SendMessageBatch, wants to send.
 *
 * @throws MissingParameter, InvalidParameterValue, InvalidMessageContents, UnsupportedOperation
 */
export function newMessageOf(queue: QueueState, input: Input, senderId: string): NewMessage {
  const settings = settingsOf(queue);
  const body = text(input, "MessageBody");
  if (FORBIDDEN.test(body))
    throw sqsError(
      "InvalidMessageContents",
      "The message contains characters outside the allowed set.",
    );
  const messageAttributes = attributesOf(input);
  const size = bodyBytes(body) + attributeBytes(messageAttributes);
  if (size > settings.maximumMessageBytes)
    throw sqsError(
      "InvalidParameterValue",
      `One or more parameters are invalid. Reason: Message must be shorter than ${settings.maximumMessageBytes} bytes.`,
    );
  const group = optionalId(input, "MessageGroupId");
  const deduplication = optionalId(input, "MessageDeduplicationId");
  const delay = optionalInteger(input, "DelaySeconds", DELAY);
  refuseForType(settings, deduplication, delay);
  return {
    body,
    messageAttributes,
    systemAttributes: systemAttributesOf(input),
    senderId,
    ...(group === undefined ? {} : { messageGroupId: group }),
    ...(deduplication === undefined ? {} : { messageDeduplicationId: deduplication }),
    // FIFO queues have only a delay of their own. Some clients send 0, which is ignored.
    ...(delay === undefined || settings.fifo ? {} : { delaySeconds: delay }),
  };
}

/** The size of a message against the limits: body and attributes, in bytes. */
export function messageBytes(message: NewMessage): number {
  return bodyBytes(message.body) + attributeBytes(message.messageAttributes ?? {});
}

/** A standard queue takes a group id (fair queues), but no deduplication id. */
function refuseForType(
  settings: QueueSettings,
  deduplication: string | undefined,
  delay: number | undefined,
): void {
  const reason = "The request include parameter that is not valid for this queue type.";
  if (settings.fifo && delay !== undefined && delay > 0)
    throw invalidValue(delay, "DelaySeconds", reason);
  if (!settings.fifo && deduplication !== undefined)
    throw invalidValue(deduplication, "MessageDeduplicationId", reason);
}

function optionalId(input: Input, member: string): string | undefined {
  const id = optionalText(input, member);
  if (id === undefined || ID.test(id)) return id;
  throw invalidValue(
    id,
    member,
    `${member} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
  );
}

function attributesOf(input: Input): MessageAttributes {
  const attributes = Object.entries(structureMap(input, "MessageAttributes"));
  if (attributes.length > MAXIMUM_ATTRIBUTES)
    throw sqsError(
      "InvalidParameterValue",
      `Number of message attributes [${attributes.length}] exceeds the allowed maximum [${MAXIMUM_ATTRIBUTES}].`,
    );
  return Object.fromEntries(attributes.map(([name, value]) => [name, attributeOf(name, value)]));
}

function attributeOf(name: string, value: Input): MessageAttribute {
  if (!ATTRIBUTE_NAME.test(name))
    throw sqsError("InvalidParameterValue", `The message attribute name '${name}' is invalid.`);
  for (const member of ["StringListValues", "BinaryListValues"]) {
    const list = value[member];
    if (Array.isArray(list) && list.length > 0)
      throw sqsError(
        "UnsupportedOperation",
        "Message attribute list values in SendMessage operation are not supported.",
      );
  }
  const type = optionalText(value, "DataType");
  if (type === undefined || !DATA_TYPE.test(type))
    throw sqsError(
      "InvalidParameterValue",
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const member = type.startsWith("Binary") ? "BinaryValue" : "StringValue";
  const content = optionalText(value, member);
  if (content === undefined || content === "")
    throw sqsError(
      "InvalidParameterValue",
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    );
  return { DataType: type, [member]: content };
}

function systemAttributesOf(input: Input): MessageAttributes {
  const attributes = structureMap(input, "MessageSystemAttributes");
  const other = Object.keys(attributes).find((name) => name !== "AWSTraceHeader");
  if (other !== undefined) throw notEmulated(`The message system attribute ${other}`);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, attributeOf(name, value)]),
  );
}

function bodyBytes(body: string): number {
  return Buffer.byteLength(body, "utf8");
}

function attributeBytes(attributes: MessageAttributes): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue, BinaryValue }]) =>
      sum +
      Buffer.byteLength(name + DataType + (StringValue ?? ""), "utf8") +
      Buffer.from(BinaryValue ?? "", "base64").length,
    0,
  );
}
