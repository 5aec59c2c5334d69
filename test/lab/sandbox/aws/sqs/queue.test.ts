import { describe, expect, test, vi } from "vitest";
import { openQueue } from "../../../../../lab/sandbox/aws/sqs/queue.ts";
import { arnOf, bodies, queueWorld, receiveOne, send } from "./queues.ts";

const CONTENT = { ContentBasedDeduplication: true };

describe("a FIFO queue's groups", () => {
  test("A group with a message in flight gives nothing more, other groups do", () => {
    const { declare } = queueWorld();
    const queue = declare("q.fifo", CONTENT);
    for (const [body, group] of [
      ["a1", "a"],
      ["a2", "a"],
      ["b1", "b"],
    ] as const)
      send(queue, body, group);
    expect(receiveOne(queue).body).toBe("a1");
    expect(bodies(queue)).toEqual(["b1"]);
    expect(bodies(queue)).toEqual([]);
  });

  test("One receive may give several messages of a group, in order", () => {
    const queue = queueWorld().declare("q.fifo", CONTENT);
    for (const body of ["1", "2", "3"]) send(queue, body);
    expect(bodies(queue, 2)).toEqual(["1", "2"]);
  });

  test("The group goes on when its message in flight is deleted", () => {
    const queue = queueWorld().declare("q.fifo", CONTENT);
    send(queue, "1");
    send(queue, "2");
    queue.deleteMessage(receiveOne(queue).receiptHandle);
    expect(bodies(queue)).toEqual(["2"]);
  });

  test("A message that comes back is given out before its successors", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q.fifo", { ...CONTENT, VisibilityTimeout: 48 });
    send(queue, "1");
    send(queue, "2");
    receiveOne(queue);
    clock.ms += 47_999;
    expect(bodies(queue)).toEqual([]);
    clock.ms += 1;
    expect(bodies(queue)).toEqual(["1", "2"]);
  });

  test("A FIFO queue's delay hides every new message, and the group's order holds", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q.fifo", { ...CONTENT, DelaySeconds: 5 });
    send(queue, "1");
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    clock.ms += 5000;
    expect(bodies(queue)).toEqual(["1"]);
  });
});

describe("deduplication", () => {
  test("The same content within five minutes is one message, also after it was deleted", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q.fifo", CONTENT);
    const first = send(queue, "same");
    queue.deleteMessage(receiveOne(queue).receiptHandle);
    clock.ms += 299_999;
    expect(send(queue, "same")).toEqual(first);
    expect(bodies(queue)).toEqual([]);
    clock.ms += 1;
    expect(send(queue, "same").messageId).not.toBe(first.messageId);
    expect(bodies(queue)).toEqual(["same"]);
  });

  test("A deduplication id decides over the content, in both ways", () => {
    const queue = queueWorld().declare("q.fifo", CONTENT);
    send(queue, "body", "g", "id-1");
    send(queue, "other body", "g", "id-1");
    send(queue, "body", "g", "id-2");
    expect(bodies(queue)).toEqual(["body", "body"]);
  });

  test("Deduplication covers the queue, unless the queue says the message group", () => {
    const { declare } = queueWorld();
    const whole = declare("whole.fifo");
    const each = declare("each.fifo", { DeduplicationScope: "messageGroup" });
    for (const queue of [whole, each]) {
      send(queue, "1", "a", "id");
      send(queue, "2", "b", "id");
    }
    expect(bodies(whole)).toEqual(["1"]);
    expect(bodies(each)).toEqual(["1", "2"]);
  });

  test("A send without an id and without content-based deduplication is refused", () => {
    const queue = queueWorld().declare("q.fifo");
    expect(() => send(queue, "1")).toThrow(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  });

  test("Sequence numbers have 20 digits and grow over all groups", () => {
    const queue = queueWorld().declare("q.fifo", CONTENT);
    const [a, b] = [send(queue, "1", "a"), send(queue, "2", "b")];
    expect(a.sequenceNumber).toMatch(/^\d{20}$/);
    expect(Number(b.sequenceNumber)).toBeGreaterThan(Number(a.sequenceNumber));
  });
});

describe("receipt handles", () => {
  test("A FIFO queue refuses a receipt handle whose visibility timeout has passed", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q.fifo", CONTENT);
    send(queue, "1");
    const { receiptHandle } = receiveOne(queue, 10);
    clock.ms += 10_000;
    expect(() => queue.deleteMessage(receiptHandle)).toThrow(
      `Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    );
    const second = receiveOne(queue, 10);
    expect(() => queue.deleteMessage(receiptHandle)).toThrow("The receipt handle has expired.");
    queue.deleteMessage(second.receiptHandle);
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test("A standard queue accepts a stale receipt handle and deletes nothing", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q");
    send(queue, "1");
    const first = receiveOne(queue, 1);
    clock.ms += 1000;
    const second = receiveOne(queue, 1);
    queue.deleteMessage(first.receiptHandle);
    expect(queue.counts().inFlight).toBe(1);
    queue.deleteMessage(second.receiptHandle);
    expect(queue.counts().inFlight).toBe(0);
  });

  test("A second delete is no error, and a delete with another queue's handle is", () => {
    const { declare } = queueWorld();
    const [queue, other] = [declare("q.fifo", CONTENT), declare("other")];
    send(queue, "1");
    const { receiptHandle } = receiveOne(queue);
    queue.deleteMessage(receiptHandle);
    expect(() => queue.deleteMessage(receiptHandle)).not.toThrow();
    expect(() => other.deleteMessage(receiptHandle)).toThrow("is not a valid receipt handle.");
    expect(() => queue.deleteMessage("made up")).toThrow(
      'The input receipt handle "made up" is not a valid receipt handle.',
    );
  });
});

describe("visibility", () => {
  test("A visibility of zero gives a message back at once, and a later end keeps it hidden", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q");
    send(queue, "1");
    queue.changeVisibility(receiveOne(queue).receiptHandle, 0);
    const again = receiveOne(queue, 10);
    expect(again.attributes["ApproximateReceiveCount"]).toBe("2");
    queue.changeVisibility(again.receiptHandle, 60);
    clock.ms += 59_999;
    expect(bodies(queue)).toEqual([]);
    clock.ms += 1;
    expect(bodies(queue)).toEqual(["1"]);
  });

  test("A change of visibility is refused for a message not in flight, and beyond twelve hours", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q");
    send(queue, "1");
    const { receiptHandle } = receiveOne(queue, 1800);
    clock.ms += 1_000_000;
    expect(() => queue.changeVisibility(receiptHandle, 43_200)).toThrow(
      "Total VisibilityTimeout for the message is beyond the limit [43200 seconds]",
    );
    clock.ms += 800_000;
    expect(() => queue.changeVisibility(receiptHandle, 1)).toThrow(
      expect.objectContaining({
        code: "MessageNotInflight",
        queryCode: "AWS.SimpleQueueService.MessageNotInflight",
      }),
    );
    queue.deleteMessage(receiptHandle);
    expect(() => queue.changeVisibility(receiptHandle, 1)).toThrow(
      "Message does not exist or is not available for visibility timeout change.",
    );
  });
});

describe("dead letters", () => {
  test("A message received too often moves with its group, id and message id, and frees its group", () => {
    const { declare, clock } = queueWorld();
    const dead = declare("dead.fifo");
    const queue = declare("q.fifo", {
      RedrivePolicy: { deadLetterTargetArn: arnOf("dead.fifo"), maxReceiveCount: 2 },
    });
    const { messageId } = send(queue, "poison", "g", "id");
    send(queue, "next", "g", "id-2");
    for (let receive = 0; receive < 2; receive += 1) {
      expect(receiveOne(queue, 1).body).toBe("poison");
      clock.ms += 1000;
    }
    expect(bodies(queue)).toEqual(["next"]);
    expect(receiveOne(dead)).toMatchObject({
      messageId,
      body: "poison",
      attributes: {
        MessageGroupId: "g",
        MessageDeduplicationId: "id",
        DeadLetterQueueSourceArn: arnOf("q.fifo"),
        SentTimestamp: String(clock.ms),
      },
    });
    expect(send(dead, "again", "g", "id").messageId).toBe(messageId);
  });

  test("A receive that finds only dead letters uses up no overlap", () => {
    const { declare, clock } = queueWorld();
    declare("dead.fifo");
    const queue = declare("q.fifo", {
      RedrivePolicy: { deadLetterTargetArn: arnOf("dead.fifo"), maxReceiveCount: 1 },
    });
    send(queue, "poison", "g", "id");
    receiveOne(queue, 1);
    clock.ms += 1000;
    let asked = 0;
    const overlap = () => {
      asked += 1;
      return 5;
    };
    expect(queue.receive({ overlap })).toEqual([]);
    expect(asked).toBe(0);
  });

  test("A dead letter wakes those who wait for one", async () => {
    const { declare, clock } = queueWorld();
    const dead = declare("dead");
    const queue = declare("q", {
      RedrivePolicy: { deadLetterTargetArn: arnOf("dead"), maxReceiveCount: 1 },
    });
    send(queue, "poison");
    receiveOne(queue, 1);
    clock.ms += 1000;
    const waiting = dead.changed(2 ** 31);
    expect(bodies(queue)).toEqual([]);
    await waiting;
    expect(bodies(dead)).toEqual(["poison"]);
  });

  test("A standard queue's dead letter keeps its age", () => {
    const { declare, clock } = queueWorld();
    const dead = declare("dead");
    const queue = declare("q", {
      RedrivePolicy: { deadLetterTargetArn: arnOf("dead"), maxReceiveCount: "1" },
    });
    const sentAt = clock.ms;
    send(queue, "poison");
    receiveOne(queue, 1);
    clock.ms += 1000;
    expect(bodies(queue)).toEqual([]);
    expect(receiveOne(dead).attributes["SentTimestamp"]).toBe(String(sentAt));
  });

  test("While its dead-letter queue does not exist, a message is given out beyond its limit", () => {
    const { declare, clock } = queueWorld();
    const queue = declare("q", {
      RedrivePolicy: { deadLetterTargetArn: arnOf("missing"), maxReceiveCount: 1 },
    });
    send(queue, "1");
    receiveOne(queue, 1);
    clock.ms += 1000;
    expect(bodies(queue)).toEqual(["1"]);
  });
});

test("A message older than the retention period is gone", () => {
  const { declare, clock } = queueWorld();
  const queue = declare("q", { MessageRetentionPeriod: 60 });
  send(queue, "1");
  clock.ms += 59_999;
  expect(queue.counts().visible).toBe(1);
  clock.ms += 1;
  expect(bodies(queue)).toEqual([]);
  expect(queue.counts().visible).toBe(0);
});

test("Messages and deduplication survive a restart", () => {
  const before = queueWorld();
  const queue = before.declare("q.fifo", CONTENT);
  const { messageId } = send(queue, "1");
  const { receiptHandle } = receiveOne(queue, 30);
  const after = queueWorld(JSON.parse(JSON.stringify(before.store.state)));
  const restarted = after.declare("q.fifo", CONTENT);
  expect(bodies(restarted)).toEqual([]);
  expect(send(restarted, "1").messageId).toBe(messageId);
  restarted.deleteMessage(receiptHandle);
  expect(restarted.counts().inFlight).toBe(0);
});

test("A queue that was never declared does not exist", () => {
  const { store } = queueWorld();
  expect(() => openQueue(store, arnOf("none"))).toThrow(
    expect.objectContaining({
      code: "QueueDoesNotExist",
      queryCode: "AWS.SimpleQueueService.NonExistentQueue",
      message: "The specified queue does not exist.",
    }),
  );
});

describe("the waits of changed()", () => {
  test.each(["send", "delete", "visibility", "nothing"])(
    "A wait for a change of the queue ends after: %s",
    async (cause) => {
      vi.useFakeTimers({ now: Date.parse("2026-11-24T10:00:00Z") });
      try {
        const { declare, store } = queueWorld();
        declare("q.fifo", CONTENT);
        const queue = openQueue(store, "q.fifo");
        if (cause !== "send" && cause !== "nothing") send(queue, "1");
        const received = queue.receive({ visibilityTimeoutSeconds: 7 })[0];
        let woken = false;
        // Another opening of the same queue hears the same.
        const waiting = openQueue(store, arnOf("q.fifo"))
          .changed(20_000)
          .then(() => {
            woken = true;
          });
        await vi.advanceTimersByTimeAsync(6_999);
        expect(woken).toBe(false);
        if (cause === "send") send(queue, "2");
        if (cause === "delete") queue.deleteMessage(received?.receiptHandle ?? "");
        if (cause === "visibility") await vi.advanceTimersByTimeAsync(1);
        if (cause === "nothing") await vi.advanceTimersByTimeAsync(13_000);
        await vi.advanceTimersByTimeAsync(0);
        expect(woken).toBe(cause !== "nothing");
        await vi.advanceTimersByTimeAsync(1);
        await waiting;
      } finally {
        vi.useRealTimers();
      }
    },
  );
});
