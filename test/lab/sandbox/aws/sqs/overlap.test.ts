import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { faultTable } from "../../../../../lab/sandbox/aws/faults.ts";
import { sqsService } from "../../../../../lab/sandbox/aws/sqs/service.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
} from "../iam-world.ts";
import { queueWorld, urlOf } from "./queues.ts";

const worker = role("worker", { policy: document(statement("sqs:*")) });
const other = role("other", { policy: document(statement("sqs:*")) });
const reader = role("reader", { policy: document(statement("sqs:ReceiveMessage")) });

/** A FIFO queue with a visibility timeout of 30 s behind the port, and a clock that tests move. */
async function world(overlap: object = {}) {
  const { store, clock, declare } = queueWorld();
  declare("q.fifo", { ContentBasedDeduplication: true, VisibilityTimeout: 30 });
  const faults = faultTable();
  const rule = { kind: "overlap", role: "worker", milliseconds: 2000, ...overlap };
  faults.serve("POST", Buffer.from(JSON.stringify(rule)));
  const place = { account: ACCOUNT, region: REGION };
  const sqs = sqsService({
    sqs: store,
    ...place,
    awsUrl: "http://localhost",
    now: () => clock.ms,
    overlap: (caller) =>
      faults.takeOverlap({ service: "sqs", operation: "ReceiveMessage", caller }),
  });
  const iam = iamStore(worker, other, reader);
  const port = await listen({ services: [sqs], iam, faults: faults.take });
  const clients = new Map<typeof worker, SQSClient>();
  const as = (of = worker) => {
    const client = clients.get(of) ?? new SQSClient(clientConfig(port.url, of));
    clients.set(of, client);
    return client;
  };
  onTestFinished(async () => {
    for (const client of clients.values()) client.destroy();
    await port.close();
  });
  const QueueUrl = `${port.url}${new URL(urlOf("q.fifo")).pathname}`;
  const handles = async (of = worker, max = 10) => {
    const { Messages = [] } = await as(of).send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: max }),
    );
    return Messages.map(({ Body, ReceiptHandle }) => ({ Body, ReceiptHandle }));
  };
  return {
    advance: (ms: number) => {
      clock.ms += ms;
    },
    send: (MessageBody: string) =>
      as().send(new SendMessageCommand({ QueueUrl, MessageBody, MessageGroupId: "g" })),
    bodies: async (of = worker) => (await handles(of)).map(({ Body }) => Body),
    handle: async (of = worker) => {
      const [message] = await handles(of, 1);
      if (message === undefined) throw new Error("The queue gave no message.");
      return message.ReceiptHandle;
    },
    hide: (ReceiptHandle: string | undefined, VisibilityTimeout = 30, of = worker) =>
      as(of).send(
        new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }),
      ),
    remove: (ReceiptHandle: string | undefined) =>
      as().send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
  };
}

const EXPIRED = {
  name: "InvalidParameterValue",
  message: expect.stringContaining(
    "for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.",
  ),
  $metadata: expect.objectContaining({ httpStatusCode: 400 }),
};

test("An overlap gives a message out again while its first run is under way", async () => {
  const { send, bodies, advance } = await world();
  await send("1");
  expect(await bodies()).toEqual(["1"]);
  advance(1999);
  expect(await bodies()).toEqual([]);
  advance(1);
  expect(await bodies()).toEqual(["1"]);
});

test("A message that was given out again refuses its former handle by name", async () => {
  const { send, handle, advance, hide, remove } = await world({ count: 1 });
  await send("1");
  const first = await handle();
  advance(2000);
  const second = await handle();
  await expect(remove(first)).rejects.toMatchObject(EXPIRED);
  await expect(hide(first)).rejects.toMatchObject(EXPIRED);
  await expect(hide(second)).resolves.toBeDefined();
  await expect(remove(second)).resolves.toBeDefined();
});

test("A longer visibility does not keep an overlap away", async () => {
  const { send, handle, bodies, advance, hide } = await world({ count: 1 });
  await send("1");
  const first = await handle();
  await hide(first, 600);
  advance(2000);
  await expect(hide(first, 600)).rejects.toMatchObject({ name: "MessageNotInflight" });
  expect(await bodies()).toEqual(["1"]);
});

test.each([
  [1, ["1"], []],
  [2, ["1"], ["1"]],
])(
  "An overlap with the count %i gives the message out as many more times",
  async (count, second, third) => {
    const { send, bodies, advance } = await world({ count });
    await send("1");
    await bodies();
    advance(2000);
    expect(await bodies()).toEqual(second);
    advance(2000);
    expect(await bodies()).toEqual(third);
    advance(30_000);
    expect(await bodies()).toEqual(["1"]);
  },
);

test("An overlap keeps the order of the message group", async () => {
  const { send, handle, bodies, advance } = await world({ count: 1 });
  await send("1");
  await send("2");
  await handle();
  advance(1999);
  expect(await bodies()).toEqual([]);
  advance(1);
  expect(await bodies()).toEqual(["1", "2"]);
});

test("An overlap is not used up by a receive that finds nothing, nor by another role", async () => {
  const { send, bodies, advance } = await world({ count: 1 });
  expect(await bodies()).toEqual([]);
  await send("1");
  expect(await bodies(other)).toEqual(["1"]);
  advance(2000);
  expect(await bodies()).toEqual([]);
  advance(28_000);
  expect(await bodies()).toEqual(["1"]);
  advance(2000);
  expect(await bodies()).toEqual(["1"]);
});

test("A message that was deleted in time is not given out again", async () => {
  const { send, handle, bodies, advance, remove } = await world();
  await send("1");
  const first = await handle();
  advance(1999);
  await remove(first);
  advance(1);
  expect(await bodies()).toEqual([]);
});

test("ChangeMessageVisibility hides a message for longer, and refuses by AWS's names", async () => {
  const { send, handle, bodies, advance, hide, remove } = await world({ role: "nobody" });
  await send("1");
  const first = await handle();
  advance(29_000);
  await hide(first);
  advance(29_000);
  expect(await bodies()).toEqual([]);
  advance(1000);
  await expect(hide(first)).rejects.toMatchObject({ name: "MessageNotInflight" });
  for (const change of [hide, remove])
    await expect(change("made-up")).rejects.toMatchObject({ name: "ReceiptHandleIsInvalid" });
  const second = await handle();
  await expect(hide(second, 30, reader)).rejects.toMatchObject({
    message: expect.stringContaining("not authorized to perform: sqs:ChangeMessageVisibility"),
  });
});
