import { createHash } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import type { Caller } from "../../../../../lab/sandbox/aws/service.ts";
import { sqsService } from "../../../../../lab/sandbox/aws/sqs/service.ts";
import { ACCOUNT, REGION } from "../iam-world.ts";
import { arnOf, queueWorld, urlOf } from "./queues.ts";

const caller: Caller = {
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/api/session`,
  principalArn: `arn:aws:iam::${ACCOUNT}:role/api`,
  accountId: ACCOUNT,
  userId: "AROAAPI:session",
  accessKeyId: "ASIAAPI",
};

/** The members of answers that are looked into. */
interface Answer extends Record<string, unknown> {
  readonly Messages?: readonly {
    readonly ReceiptHandle: string;
    readonly Attributes: Record<string, string>;
    readonly MessageAttributes: Record<string, unknown>;
  }[];
  readonly QueueUrls?: readonly string[];
}

function world(now?: () => number) {
  const queues = queueWorld();
  queues.declare("q");
  queues.declare("q.fifo", { ContentBasedDeduplication: true });
  const service = sqsService({
    sqs: queues.store,
    account: ACCOUNT,
    region: REGION,
    awsUrl: "http://127.0.0.1:4566",
    now: now ?? (() => queues.clock.ms),
  });
  const call = async (operation: string, input: Record<string, unknown>) => {
    const found = service.operations[operation];
    if (found === undefined) throw new Error(`no ${operation}`);
    const at = new Date(queues.clock.ms);
    return (await found.run({ operation, input, caller, requestId: "r", now: at })) as Answer;
  };
  return { ...queues, service, call };
}

describe("refusals, in SQS's words", () => {
  const url = { QueueUrl: urlOf("q") };
  const fifo = { QueueUrl: urlOf("q.fifo") };
  const refusals: readonly (readonly [string, Record<string, unknown>, string, string])[] = [
    ["SendMessage", { MessageBody: "x" }, "MissingParameter", "parameter QueueUrl."],
    ["SendMessage", url, "MissingParameter", "parameter MessageBody."],
    ["SendMessage", { ...url, MessageBody: 7 }, "SerializationException", "MessageBody"],
    [
      "SendMessage",
      { QueueUrl: urlOf("none"), MessageBody: "x" },
      "QueueDoesNotExist",
      "not exist",
    ],
    ["SendMessage", { QueueUrl: "q", MessageBody: "x" }, "InvalidAddress", "not valid for this"],
    ["SendMessage", { ...fifo, MessageBody: "x" }, "MissingParameter", "parameter MessageGroupId."],
    [
      "SendMessage",
      { ...fifo, MessageBody: "x", MessageGroupId: "g", DelaySeconds: 5 },
      "InvalidParameterValue",
      "Value 5 for parameter DelaySeconds is invalid.",
    ],
    [
      "SendMessage",
      { ...fifo, MessageBody: "x", MessageGroupId: "two words" },
      "InvalidParameterValue",
      "MessageGroupId can only include alphanumeric and punctuation characters.",
    ],
    [
      "SendMessage",
      { ...url, MessageBody: "x", MessageDeduplicationId: "d" },
      "InvalidParameterValue",
      "not valid for this queue type",
    ],
    ["SendMessage", { ...url, MessageBody: "\u0000" }, "InvalidMessageContents", "characters"],
    [
      "SendMessage",
      { ...url, MessageBody: "x".repeat(1_048_577) },
      "InvalidParameterValue",
      "Message must be shorter than 1048576 bytes.",
    ],
    [
      "ReceiveMessage",
      { ...url, MaxNumberOfMessages: 11 },
      "InvalidParameterValue",
      "Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.",
    ],
    ["ReceiveMessage", { ...url, WaitTimeSeconds: 21 }, "InvalidParameterValue", "<= 20"],
    ["ReceiveMessage", { ...url, AttributeNames: ["X"] }, "InvalidAttributeName", "Attribute X."],
    [
      "ReceiveMessage",
      { ...fifo, ReceiveRequestAttemptId: "a" },
      "UnsupportedOperation",
      "ReceiveRequestAttemptId is not emulated",
    ],
    ["DeleteMessage", { ...url, ReceiptHandle: "no" }, "ReceiptHandleIsInvalid", '"no"'],
    ["ChangeMessageVisibility", { ...url, ReceiptHandle: "no" }, "MissingParameter", "Visibility"],
    ["GetQueueUrl", { QueueName: "none" }, "QueueDoesNotExist", "not exist"],
    ["GetQueueAttributes", { ...url, AttributeNames: ["X"] }, "InvalidAttributeName", "X"],
    ["SendMessageBatch", { ...url, Entries: [] }, "EmptyBatchRequest", "at least one"],
    [
      "SendMessageBatch",
      { ...url, Entries: Array.from({ length: 11 }, (_, id) => ({ Id: `${id}` })) },
      "TooManyEntriesInBatchRequest",
      "You have sent 11.",
    ],
    [
      "DeleteMessageBatch",
      { ...url, Entries: [{ Id: "a" }, { Id: "a" }] },
      "BatchEntryIdsNotDistinct",
      "Id a repeated.",
    ],
    ["DeleteMessageBatch", { ...url, Entries: [{ Id: "a b" }] }, "InvalidBatchEntryId", "hyphens"],
    [
      "SendMessageBatch",
      {
        ...url,
        Entries: ["a", "b"].map((Id) => ({ Id, MessageBody: "x".repeat(600_000) })),
      },
      "BatchRequestTooLong",
      "You have sent 1200000 bytes.",
    ],
  ];
  test.each(refusals.map(([operation, input, code, text]) => ({ operation, input, code, text })))(
    "$operation answers $code: $text",
    async ({ operation, input, code, text }) => {
      await expect(world().call(operation, input)).rejects.toThrow(
        expect.objectContaining({ code, status: 400, message: expect.stringContaining(text) }),
      );
    },
  );

  test("Operations that change queues are not emulated", () => {
    const { operations } = world().service;
    expect(Object.keys(operations)).not.toContain("SetQueueAttributes");
    expect(Object.keys(operations)).toHaveLength(15);
  });
});

test("A batch answers entry by entry", async () => {
  const { call } = world();
  const answer = await call("SendMessageBatch", {
    QueueUrl: urlOf("q.fifo"),
    Entries: [
      { Id: "good", MessageBody: "1", MessageGroupId: "g" },
      { Id: "bad", MessageBody: "2" },
    ],
  });
  expect(answer["Successful"]).toMatchObject([{ Id: "good", MD5OfMessageBody: md5("1") }]);
  expect(answer["Failed"]).toEqual([
    {
      Id: "bad",
      SenderFault: true,
      Code: "MissingParameter",
      Message: "The request must contain the parameter MessageGroupId.",
    },
  ]);
});

test("An entry that fails names the error as the single operation does", async () => {
  const { call } = world();
  const QueueUrl = urlOf("q");
  await call("SendMessage", { QueueUrl, MessageBody: "x" });
  const { Messages: messages } = await call("ReceiveMessage", { QueueUrl });
  const Entries = [
    { Id: "a", ReceiptHandle: messages?.[0]?.ReceiptHandle, VisibilityTimeout: 0 },
    { Id: "b", ReceiptHandle: messages?.[0]?.ReceiptHandle, VisibilityTimeout: 0 },
  ];
  expect(await call("ChangeMessageVisibilityBatch", { QueueUrl, Entries })).toMatchObject({
    Successful: [{ Id: "a" }],
    Failed: [{ Id: "b", Code: "MessageNotInflight", SenderFault: true }],
  });
});

test("A receive shows only the attributes asked for, with the MD5 of those", async () => {
  const { call } = world();
  const QueueUrl = urlOf("q");
  // The attributes, in another order than the digest's.
  const attributes = {
    other: { DataType: "Binary", BinaryValue: Buffer.from([1, 2]).toString("base64") },
    "app.Kind": { DataType: "String", StringValue: "k" },
  };
  const sent = await call("SendMessage", {
    QueueUrl,
    MessageBody: "x",
    MessageAttributes: attributes,
    MessageSystemAttributes: { AWSTraceHeader: { DataType: "String", StringValue: "Root=1" } },
  });
  const first = `${chunk("app.Kind")}${chunk("String")}01${chunk("k")}`;
  const second = `${chunk("other")}${chunk("Binary")}02${chunk("\u0001\u0002")}`;
  expect(sent["MD5OfMessageAttributes"]).toBe(md5(Buffer.from(first + second, "hex")));
  const answer = await call("ReceiveMessage", {
    QueueUrl,
    MessageSystemAttributeNames: ["SenderId", "AWSTraceHeader"],
    MessageAttributeNames: ["app.*"],
  });
  expect(answer["Messages"]).toMatchObject([
    {
      Body: "x",
      MD5OfBody: md5("x"),
      Attributes: { SenderId: "AROAAPI:session", AWSTraceHeader: "Root=1" },
      MessageAttributes: { "app.Kind": attributes["app.Kind"] },
      MD5OfMessageAttributes: md5(Buffer.from(first, "hex")),
    },
  ]);
  expect(Object.keys(answer.Messages?.[0]?.Attributes ?? {})).toHaveLength(2);
  expect(Object.keys(answer.Messages?.[0]?.MessageAttributes ?? {})).toHaveLength(1);
});

test("A long poll answers as soon as something is sent, and nothing when the wait is over", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") });
  try {
    const { call } = world(Date.now);
    const QueueUrl = urlOf("q");
    const answered = call("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 20 });
    await vi.advanceTimersByTimeAsync(5000);
    await call("SendMessage", { QueueUrl, MessageBody: "late" });
    expect((await answered)["Messages"]).toMatchObject([{ Body: "late" }]);
    const empty = call("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 3 });
    await vi.advanceTimersByTimeAsync(3000);
    expect(await empty).toEqual({});
  } finally {
    vi.useRealTimers();
  }
});

test("Attributes, URLs, sources of dead letters and tags are answered", async () => {
  const { call, declare } = world();
  declare("dead");
  declare("src", {
    VisibilityTimeout: 48,
    RedrivePolicy: { deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 5 },
  });
  await call("SendMessage", { QueueUrl: urlOf("src"), MessageBody: "x" });
  const { Attributes: attributes } = await call("GetQueueAttributes", {
    QueueUrl: urlOf("src"),
    AttributeNames: ["All"],
  });
  expect(attributes).toMatchObject({
    QueueArn: arnOf("src"),
    VisibilityTimeout: "48",
    MaximumMessageSize: "1048576",
    ApproximateNumberOfMessages: "1",
    RedrivePolicy: `{"deadLetterTargetArn":"${arnOf("dead")}","maxReceiveCount":5}`,
  });
  expect(attributes).not.toHaveProperty("FifoQueue");
  expect(await call("GetQueueUrl", { QueueName: "q.fifo" })).toEqual({ QueueUrl: urlOf("q.fifo") });
  expect(await call("ListDeadLetterSourceQueues", { QueueUrl: urlOf("dead") })).toEqual({
    queueUrls: [urlOf("src")],
  });
  expect(await call("ListQueueTags", { QueueUrl: urlOf("dead") })).toEqual({});
  const first = await call("ListQueues", { MaxResults: 3 });
  const rest = await call("ListQueues", { MaxResults: 3, NextToken: first["NextToken"] });
  expect([...(first.QueueUrls ?? []), ...(rest.QueueUrls ?? [])]).toEqual(
    ["dead", "q", "q.fifo", "src"].map(urlOf),
  );
  expect(rest).not.toHaveProperty("NextToken");
});

test("A purge empties the queue, once in 60 seconds", async () => {
  const { call, clock } = world();
  const QueueUrl = urlOf("q");
  await call("SendMessage", { QueueUrl, MessageBody: "x" });
  await call("PurgeQueue", { QueueUrl });
  expect(await call("ReceiveMessage", { QueueUrl })).toEqual({});
  await expect(call("PurgeQueue", { QueueUrl })).rejects.toThrow("allowed every 60 seconds.");
  clock.ms += 60_000;
  await expect(call("PurgeQueue", { QueueUrl })).resolves.toEqual({});
});

test("A batch asks for the single operation's permission on the queue, ListQueues on all", () => {
  const { operations } = world().service;
  expect(
    operations["DeleteMessageBatch"]?.permissions({ QueueUrl: urlOf("q.fifo") }, caller),
  ).toEqual([{ action: "sqs:DeleteMessage", resource: arnOf("q.fifo") }]);
  expect(operations["ListQueues"]?.permissions({}, caller)).toEqual([
    { action: "sqs:ListQueues", resource: "*" },
  ]);
});

describe("declaring a queue", () => {
  test("Declaring a queue again keeps its messages and takes over its attributes", async () => {
    const { call, declare } = world();
    await call("SendMessage", { QueueUrl: urlOf("q"), MessageBody: "kept" });
    declare("q", { VisibilityTimeout: 6 });
    const { Attributes: attributes } = await call("GetQueueAttributes", {
      QueueUrl: urlOf("q"),
      AttributeNames: ["VisibilityTimeout", "ApproximateNumberOfMessages"],
    });
    expect(attributes).toEqual({ VisibilityTimeout: "6", ApproximateNumberOfMessages: "1" });
  });

  test.each([
    ["k", { KmsMasterKeyId: "alias/x" }, "KmsMasterKeyId is not emulated"],
    ["v", { VisibilityTimeout: 43_201 }, "VisibilityTimeout has the invalid value 43201"],
    ["f", { FifoQueue: true }, "ends in .fifo"],
    ["c", { ContentBasedDeduplication: true }, "for FIFO queues only"],
    [
      "d.fifo",
      { RedrivePolicy: { deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 3 } },
      "same type as its source",
    ],
  ])("The declaration of queue %s is refused by name", (name, attributes, text) => {
    expect(() => queueWorld().declare(name, attributes)).toThrow(text);
  });
});

function md5(bytes: string | Buffer): string {
  return createHash("md5").update(bytes).digest("hex");
}

/** Four bytes of length and the bytes themselves, in hexadecimal. */
function chunk(text: string): string {
  return text.length.toString(16).padStart(8, "0") + Buffer.from(text, "latin1").toString("hex");
}
