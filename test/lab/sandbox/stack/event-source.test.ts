import { describe, expect, it, onTestFinished } from "vitest";
import { declareQueue } from "../../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { openQueue } from "../../../../lab/sandbox/aws/sqs/queue.ts";
import { emptySqsState } from "../../../../lab/sandbox/aws/sqs/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import type { LambdaFunction } from "../../../../lab/sandbox/lambda/lambda-function.ts";
import { failedMessages, startEventSource } from "../../../../lab/sandbox/stack/event-source.ts";

const ARN = "arn:aws:sqs:us-west-2:111122223333:timelatch-converge.fifo";

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly receiptHandle: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A FIFO queue whose messages go to `handler`, and how to send to it. */
function source(
  handler: (records: readonly SqsRecord[]) => unknown,
  {
    visibility = 30,
    batchSize = 1,
    concurrency = 2,
    reports = true,
    overlap = (): number | undefined => undefined,
    isEnabled = (): boolean => true,
  } = {},
) {
  const store = memoryStore(emptySqsState());
  declareQueue(store, {
    name: "timelatch-converge.fifo",
    arn: ARN,
    url: "http://127.0.0.1:4566/111122223333/timelatch-converge.fifo",
    attributes: { FifoQueue: true, VisibilityTimeout: visibility },
  });
  const queue = openQueue(store, ARN);
  const logs: string[] = [];
  const events: (readonly SqsRecord[])[] = [];
  const started = startEventSource({
    mapping: {
      id: "Mapping",
      uuid: "",
      queueArn: ARN,
      functionArn: "fn",
      batchSize,
      reportsBatchItemFailures: reports,
    },
    queue,
    fn: {
      invoke: async ({ Records }: { readonly Records: readonly SqsRecord[] }) => {
        events.push(Records);
        return await handler(Records);
      },
    } as unknown as LambdaFunction,
    region: "us-west-2",
    concurrency,
    log: (line) => void logs.push(line),
    overlap,
    isEnabled,
    changed: () => new Promise((resolve) => void setTimeout(resolve, 5)),
  });
  onTestFinished(() => started.stop());
  const send = (body: string, group = "g") =>
    queue.send({
      body,
      messageGroupId: group,
      messageDeduplicationId: crypto.randomUUID(),
      senderId: "AROA:test",
    });
  const left = () => {
    const { visible, inFlight } = queue.counts();
    return { visible, inFlight };
  };
  return { send, events, logs, left, stop: () => started.stop() };
}

describe("an event source", () => {
  it("An event source gives messages to the function as Lambda does, and deletes them when it has answered", async () => {
    const { send, events, left } = source(() => null);
    const { messageId } = send("hello", "binding");
    await expect.poll(left).toEqual({ visible: 0, inFlight: 0 });
    expect(events).toEqual([
      [
        expect.objectContaining({
          messageId,
          body: "hello",
          eventSource: "aws:sqs",
          eventSourceARN: ARN,
          awsRegion: "us-west-2",
          attributes: expect.objectContaining({
            MessageGroupId: "binding",
            ApproximateReceiveCount: "1",
          }),
        }),
      ],
    ]);
  });

  it("An event source that is disabled leaves messages in the queue, and takes them once it is enabled", async () => {
    let enabled = true;
    const { send, events, left } = source(() => null, { isEnabled: () => enabled });
    send("before");
    await expect.poll(left).toEqual({ visible: 0, inFlight: 0 });
    enabled = false;
    send("meanwhile");
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(left()).toEqual({ visible: 1, inFlight: 0 });
    enabled = true;
    await expect.poll(left).toEqual({ visible: 0, inFlight: 0 });
    expect(events.flat().map(({ attributes }) => attributes["ApproximateReceiveCount"])).toEqual([
      "1",
      "1",
    ]);
  });

  it("An event source runs groups beside each other, and one group never twice at once", async () => {
    const running = new Map<string, number>();
    let most = 0;
    let sameGroup = 0;
    const { send, left } = source(
      async ([record]) => {
        const group = record?.attributes["MessageGroupId"] ?? "";
        running.set(group, (running.get(group) ?? 0) + 1);
        sameGroup = Math.max(sameGroup, ...running.values());
        most = Math.max(
          most,
          [...running.values()].reduce((a, b) => a + b),
        );
        await new Promise((resolve) => setTimeout(resolve, 50));
        running.set(group, (running.get(group) ?? 0) - 1);
      },
      { concurrency: 2 },
    );
    for (const [body, group] of [
      ["1", "a"],
      ["2", "a"],
      ["3", "b"],
      ["4", "c"],
    ] as const)
      send(body, group);
    await expect.poll(left, { timeout: 5000 }).toEqual({ visible: 0, inFlight: 0 });
    expect({ most, sameGroup }).toEqual({ most: 2, sameGroup: 1 });
  });

  it.each([1, 2])(
    "An event source runs a message %i more times beside its first run, by a fault",
    async (deep) => {
      const overlaps = Array.from({ length: deep }, () => 20);
      const ends: (() => void)[] = [];
      const { send, events, left, logs } = source(
        () => new Promise<void>((end) => void ends.push(end)),
        { concurrency: 4, overlap: () => overlaps.shift() },
      );
      send("once");
      await expect.poll(() => events.length).toBe(deep + 1);
      const [first] = ends;
      first?.();
      await expect.poll(() => logs.join()).toContain("The receipt handle has expired.");
      expect(left()).toEqual({ visible: 0, inFlight: 1 });
      for (const end of ends.slice(1)) end();
      await expect.poll(left).toEqual({ visible: 0, inFlight: 0 });
      expect(new Set(events.map(([record]) => record?.messageId)).size).toBe(1);
      expect(new Set(events.map(([record]) => record?.receiptHandle)).size).toBe(deep + 1);
    },
  );

  it("An event source leaves a failed message until its visibility timeout has passed, then gives it again", async () => {
    let calls = 0;
    const { send, events, logs, left } = source(
      () => {
        calls += 1;
        if (calls === 1) throw new Error("crashed");
      },
      { visibility: 1 },
    );
    send("again");
    await expect
      .poll(() => logs)
      .toEqual(["timelatch-converge.fifo: 1 message(s) will be received again: crashed"]);
    expect(left()).toEqual({ visible: 0, inFlight: 1 });
    await expect.poll(left, { timeout: 5000 }).toEqual({ visible: 0, inFlight: 0 });
    expect(events.map(([record]) => record?.attributes["ApproximateReceiveCount"])).toEqual([
      "1",
      "2",
    ]);
  });

  it("An event source leaves what a partial batch response names, and deletes the rest", async () => {
    const { send, left } = source(
      (records) => ({
        batchItemFailures: records
          .filter(({ body }) => body === "bad")
          .map(({ messageId }) => ({ itemIdentifier: messageId })),
      }),
      { batchSize: 10, concurrency: 1 },
    );
    send("good", "a");
    send("bad", "b");
    await expect.poll(left).toEqual({ visible: 0, inFlight: 1 });
  });

  it("An event source does not read the response where the mapping does not ask for reports", async () => {
    const { send, left } = source(
      ([record]) => ({ batchItemFailures: [{ itemIdentifier: record?.messageId }] }),
      { reports: false },
    );
    send("x");
    await expect.poll(left).toEqual({ visible: 0, inFlight: 0 });
  });

  it("An event source waits for what is under way when it stops, and receives no more", async () => {
    let finish = () => {};
    const { send, events, stop } = source(
      () =>
        new Promise<void>((resolve) => {
          finish = resolve;
        }),
      { concurrency: 1 },
    );
    send("1", "a");
    await expect.poll(() => events.length).toBe(1);
    send("2", "b");
    const stopping = stop();
    finish();
    await stopping;
    expect(events).toHaveLength(1);
  });
});

describe("a partial batch response", () => {
  it.each([
    ["nothing", undefined, []],
    ["null", null, []],
    ["an empty list", { batchItemFailures: [] }, []],
    ["one of them", { batchItemFailures: [{ itemIdentifier: "a" }] }, ["a"]],
    ["an unknown message", { batchItemFailures: [{ itemIdentifier: "z" }] }, ["a", "b"]],
    ["an empty identifier", { batchItemFailures: [{ itemIdentifier: "" }] }, ["a", "b"]],
    ["no identifier", { batchItemFailures: [{}] }, ["a", "b"]],
    ["no list", { batchItemFailures: "a" }, ["a", "b"]],
    ["a string", "done", ["a", "b"]],
  ])("A partial batch response with %s fails %j", (_what, response, failed) => {
    expect([...failedMessages(response, ["a", "b"])]).toEqual(failed);
  });
});
