import { declareQueue } from "../../../../../lab/sandbox/aws/sqs/declare-queue.ts";
import { openQueue, type Queue } from "../../../../../lab/sandbox/aws/sqs/queue.ts";
import { emptySqsState, type SqsState } from "../../../../../lab/sandbox/aws/sqs/state.ts";
import { memoryStore, type Store } from "../../../../../lab/sandbox/aws/store.ts";
import { ACCOUNT, REGION } from "../iam-world.ts";

/** Queues with a clock that only tests move, in milliseconds. */
export interface QueueWorld {
  readonly store: Store<SqsState>;
  readonly clock: { ms: number };
  readonly declare: (name: string, attributes?: Record<string, unknown>) => Queue;
}

export function arnOf(name: string): string {
  return `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
}

export function urlOf(name: string): string {
  return `http://127.0.0.1:4566/${ACCOUNT}/${name}`;
}

export function queueWorld(state: SqsState = emptySqsState()): QueueWorld {
  const store = memoryStore(state);
  const clock = { ms: Date.parse("2026-11-24T10:00:00Z") };
  return {
    store,
    clock,
    declare(name, attributes = {}) {
      const fifo = name.endsWith(".fifo") ? { FifoQueue: true } : {};
      declareQueue(
        store,
        { name, arn: arnOf(name), url: urlOf(name), attributes: { ...fifo, ...attributes } },
        () => clock.ms,
      );
      return openQueue(store, name, () => clock.ms);
    },
  };
}

export function send(queue: Queue, body: string, group = "g", id?: string) {
  return queue.send({
    body,
    senderId: "AROAEXAMPLE:session",
    ...(queue.name.endsWith(".fifo") ? { messageGroupId: group } : {}),
    ...(id === undefined ? {} : { messageDeduplicationId: id }),
  });
}

/** Receives one message, which must be there. */
export function receiveOne(queue: Queue, visibilityTimeoutSeconds?: number) {
  const [message] = queue.receive(
    visibilityTimeoutSeconds === undefined ? {} : { visibilityTimeoutSeconds },
  );
  if (message === undefined) throw new Error(`${queue.name} gave no message.`);
  return message;
}

export function bodies(queue: Queue, max = 10): readonly string[] {
  return queue.receive({ max }).map(({ body }) => body);
}
