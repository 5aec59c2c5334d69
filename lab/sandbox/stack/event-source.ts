/**
 * Lambda's event source mapping for SQS (Lambda Developer Guide, "Using Lambda with Amazon SQS").
 * It polls, invokes, and deletes the processed messages. A failed message stays hidden until its
 * visibility timeout has passed, and is then received again.
 */
import type { ReceivedMessage } from "../aws/sqs/give-out.ts";
import type { Queue } from "../aws/sqs/queue.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { EventSourceResource } from "../template/stack.ts";

export interface EventSourceOptions {
  readonly mapping: EventSourceResource;
  readonly queue: Queue;
  readonly fn: LambdaFunction;
  readonly region: string;
  /** How many batches at once; of a FIFO queue, never two of one message group. */
  readonly concurrency: number;
  readonly log: (line: string) => void;
  /** After how many milliseconds a batch is given out again, while it is under way. */
  readonly overlap?: () => number | undefined;
  /** Whether it receives; what is under way goes on. Always, unless said. */
  readonly isEnabled?: () => boolean;
  /** Resolves when `isEnabled` may answer something else. */
  readonly changed?: () => Promise<void>;
}

export interface EventSource {
  /** Receives no more, and waits for what is under way. */
  stop(): Promise<void>;
}

/** How long a poll waits for a message. */
const WAIT_MS = 20_000;

const record = (message: ReceivedMessage, queueArn: string, region: string) => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.attributes,
  messageAttributes: message.messageAttributes,
  md5OfBody: message.md5OfBody,
  eventSource: "aws:sqs",
  eventSourceARN: queueArn,
  awsRegion: region,
});

/**
 * The messages that a partial batch response names as failed. For a malformed response these are
 * the whole batch, as in Lambda. Such a response has an unknown or empty identifier, or no list.
 */
export function failedMessages(
  response: unknown,
  messageIds: readonly string[],
): ReadonlySet<string> {
  const all = new Set(messageIds);
  if (response === null || response === undefined) return new Set();
  if (typeof response !== "object") return all;
  const failures = (response as { readonly batchItemFailures?: unknown }).batchItemFailures;
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const failed = failures.map(
    (one: unknown) => (one as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier,
  );
  return failed.every((id): id is string => typeof id === "string" && all.has(id))
    ? new Set(failed)
    : all;
}

/**
 * The messages that are there now. If there are no messages or the source is off, it waits and
 * answers nothing.
 */
async function receive(options: EventSourceOptions): Promise<readonly ReceivedMessage[]> {
  const { mapping, queue, overlap, isEnabled = () => true, changed } = options;
  const max = mapping.batchSize;
  const isOn = isEnabled();
  const messages = isOn ? queue.receive({ max, ...(overlap ? { overlap } : {}) }) : [];
  if (messages.length === 0) await (isOn || !changed ? queue.changed(WAIT_MS) : changed());
  return messages;
}

export function startEventSource(options: EventSourceOptions): EventSource {
  const { mapping, queue, fn, region } = options;
  const underWay = new Set<Promise<void>>();
  let stopped = false;

  async function process(messages: readonly ReceivedMessage[]): Promise<void> {
    try {
      const response = await fn.invoke({
        Records: messages.map((message) => record(message, queue.arn, region)),
      });
      const failed = mapping.reportsBatchItemFailures
        ? failedMessages(
            response,
            messages.map((message) => message.messageId),
          )
        : new Set();
      for (const message of messages)
        if (!failed.has(message.messageId)) queue.deleteMessage(message.receiptHandle);
    } catch (error) {
      if (!stopped)
        options.log(
          `${queue.name}: ${messages.length} message(s) will be received again: ${(error as Error).message}`,
        );
    }
  }

  async function poll(): Promise<void> {
    while (!stopped) {
      const messages = await receive(options);
      if (messages.length === 0) continue;
      const work = process(messages);
      underWay.add(work);
      await work;
      underWay.delete(work);
    }
  }

  for (let poller = 0; poller < options.concurrency; poller += 1) void poll();
  return {
    async stop() {
      stopped = true;
      await Promise.all(underWay);
    },
  };
}
