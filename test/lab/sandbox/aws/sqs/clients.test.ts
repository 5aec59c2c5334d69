import { execFile } from "node:child_process";
import { promisify } from "node:util";
import {
  AddPermissionCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { declareQueue } from "../../../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { sqsService } from "../../../../../lab/sandbox/aws/sqs/service.ts";
import { emptySqsState } from "../../../../../lab/sandbox/aws/sqs/state.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { awsFile } from "../../../../aws-cli/shared.ts";
import {
  ACCOUNT,
  clientConfig,
  credential,
  document,
  iamStore,
  listen,
  REGION,
  type RunningPort,
  role,
  statement,
} from "../iam-world.ts";
import { arnOf } from "./queues.ts";

const sender = role("sender", {
  policy: document(statement(["sqs:SendMessage", "sqs:GetQueueUrl"], arnOf("q.fifo"))),
});
const worker = role("worker", { policy: document(statement("sqs:*")) });

let port: RunningPort;
let queueUrl: string;
beforeAll(async () => {
  const sqs = memoryStore(emptySqsState());
  const iam = iamStore(sender, worker);
  port = await listen({
    iam,
    // A QueueUrl's host is the client's affair: only its path counts.
    services: [sqsService({ sqs, account: ACCOUNT, region: REGION, awsUrl: "http://localhost" })],
  });
  queueUrl = `${port.url}/${ACCOUNT}/q.fifo`;
  declareQueue(sqs, {
    name: "q.fifo",
    arn: arnOf("q.fifo"),
    url: queueUrl,
    attributes: { FifoQueue: true, ContentBasedDeduplication: true },
  });
});
afterAll(() => port.close());

const message = { MessageBody: "hello", MessageGroupId: "g" };

test("The SDK sends, receives with its MD5 checks, and deletes", async () => {
  const client = new SQSClient(clientConfig(port.url, worker));
  const sent = await client.send(
    new SendMessageCommand({
      QueueUrl: queueUrl,
      ...message,
      MessageAttributes: {
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
      },
    }),
  );
  const { Messages: messages = [] } = await client.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      WaitTimeSeconds: 1,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    }),
  );
  expect(messages).toMatchObject([
    {
      MessageId: sent.MessageId,
      Body: "hello",
      Attributes: { MessageGroupId: "g", SenderId: `${worker.roleId}:session` },
      MessageAttributes: { bytes: { BinaryValue: new Uint8Array([0, 255]) } },
    },
  ]);
  await client.send(
    new DeleteMessageCommand({
      QueueUrl: queueUrl,
      ReceiptHandle: messages[0]?.ReceiptHandle,
    }),
  );
});

test("The SDK gets SQS's errors as its classes, and an operation that is not emulated by name", async () => {
  const client = new SQSClient(clientConfig(port.url, worker));
  const missing = new SendMessageCommand({
    ...message,
    QueueUrl: `${port.url}/${ACCOUNT}/none`,
  });
  await expect(client.send(missing)).rejects.toThrow(QueueDoesNotExist);
  const policy = new AddPermissionCommand({
    QueueUrl: queueUrl,
    Label: "x",
    AWSAccountIds: [ACCOUNT],
    Actions: ["SendMessage"],
  });
  await expect(client.send(policy)).rejects.toThrow("AddPermission");
});

test("A role may do no more than its policy says", async () => {
  const client = new SQSClient(clientConfig(port.url, sender));
  await client.send(new SendMessageCommand({ QueueUrl: queueUrl, ...message }));
  await expect(client.send(new ReceiveMessageCommand({ QueueUrl: queueUrl }))).rejects.toThrow(
    `not authorized to perform: sqs:ReceiveMessage on resource: ${arnOf("q.fifo")}`,
  );
});

test("The AWS CLI finds a queue and shows its attributes", async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = credential(worker);
  const aws = async (...words: string[]) => {
    const { stdout } = await promisify(execFile)(await awsFile(), ["sqs", ...words], {
      timeout: 600_000,
      env: {
        PATH: "/usr/bin:/bin",
        HOME: "/nonexistent",
        AWS_ENDPOINT_URL: port.url,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_SESSION_TOKEN: sessionToken,
        AWS_EC2_METADATA_DISABLED: "true",
      },
    });
    return JSON.parse(stdout) as unknown;
  };
  expect(await aws("get-queue-url", "--queue-name=q.fifo")).toEqual({
    QueueUrl: `http://localhost/${ACCOUNT}/q.fifo`,
  });
  expect(
    await aws("get-queue-attributes", `--queue-url=${queueUrl}`, "--attribute-names=FifoQueue"),
  ).toEqual({ Attributes: { FifoQueue: "true" } });
  await expect(aws("get-queue-url", "--queue-name=none")).rejects.toThrow(
    "AWS.SimpleQueueService.NonExistentQueue",
  );
});

test("Somebody makes a queue and deletes it, and its name is not free at once", async () => {
  const client = new SQSClient(clientConfig(port.url, worker));
  const create = (more: object = {}) =>
    client.send(
      new CreateQueueCommand({
        QueueName: "new.fifo",
        Attributes: { FifoQueue: "true", VisibilityTimeout: "2" },
        ...more,
      }),
    );
  const { QueueUrl } = await create();
  expect(QueueUrl).toBe(`http://localhost/${ACCOUNT}/new.fifo`);
  expect(await create()).toMatchObject({ QueueUrl });
  const others = { Attributes: { FifoQueue: "true" } };
  await expect(create(others)).rejects.toMatchObject({ name: "QueueNameExists" });
  await expect(create({ QueueName: "a b" })).rejects.toThrow("alphanumeric");
  await expect(create({ QueueName: "plain" })).rejects.toThrow("ends in .fifo");
  await expect(create({ tags: { a: "b" } })).rejects.toThrow("does not emulate tags");
  await client.send(new DeleteQueueCommand({ QueueUrl }));
  await expect(client.send(new DeleteQueueCommand({ QueueUrl }))).rejects.toThrow(
    QueueDoesNotExist,
  );
  await expect(create()).rejects.toMatchObject({ name: "QueueDeletedRecently" });
});
