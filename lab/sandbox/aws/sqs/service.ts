import type { Caller, Operation, PermissionCheck, Service } from "../service.ts";
import type { Store } from "../store.ts";
import {
  changeMessageVisibility,
  changeMessageVisibilityBatch,
} from "./change-message-visibility.ts";
import { createQueue } from "./create-queue.ts";
import { deleteMessage, deleteMessageBatch } from "./delete-message.ts";
import { deleteQueue, purgeQueue } from "./delete-queue.ts";
import { getQueueAttributes } from "./get-queue-attributes.ts";
import type { Input } from "./input.ts";
import {
  getQueueUrl,
  listDeadLetterSourceQueues,
  listQueues,
  listQueueTags,
} from "./list-queues.ts";
import type { Handler, SqsContext } from "./operation.ts";
import { queueNameOf } from "./queue-url.ts";
import { receiveMessage } from "./receive-message.ts";
import { sendMessage } from "./send-message.ts";
import { sendMessageBatch } from "./send-message-batch.ts";
import type { SqsState } from "./state.ts";

/** Each operation with the IAM action that it needs: a batch needs the single operation's. */
const OPERATIONS: Readonly<
  Record<
    string,
    { readonly action: string; readonly on: "queue" | "account"; readonly run: Handler }
  >
> = {
  ChangeMessageVisibility: {
    action: "ChangeMessageVisibility",
    on: "queue",
    run: changeMessageVisibility,
  },
  ChangeMessageVisibilityBatch: {
    action: "ChangeMessageVisibility",
    on: "queue",
    run: changeMessageVisibilityBatch,
  },
  CreateQueue: { action: "CreateQueue", on: "queue", run: createQueue },
  DeleteQueue: { action: "DeleteQueue", on: "queue", run: deleteQueue },
  DeleteMessage: { action: "DeleteMessage", on: "queue", run: deleteMessage },
  DeleteMessageBatch: { action: "DeleteMessage", on: "queue", run: deleteMessageBatch },
  GetQueueAttributes: { action: "GetQueueAttributes", on: "queue", run: getQueueAttributes },
  GetQueueUrl: { action: "GetQueueUrl", on: "queue", run: getQueueUrl },
  ListDeadLetterSourceQueues: {
    action: "ListDeadLetterSourceQueues",
    on: "queue",
    run: listDeadLetterSourceQueues,
  },
  ListQueues: { action: "ListQueues", on: "account", run: listQueues },
  ListQueueTags: { action: "ListQueueTags", on: "queue", run: listQueueTags },
  PurgeQueue: { action: "PurgeQueue", on: "queue", run: purgeQueue },
  ReceiveMessage: { action: "ReceiveMessage", on: "queue", run: receiveMessage },
  SendMessage: { action: "SendMessage", on: "queue", run: sendMessage },
  SendMessageBatch: { action: "SendMessage", on: "queue", run: sendMessageBatch },
};

/**
 * Amazon SQS over AWS JSON 1.0. Queues come from the template (`declareQueue`), or are made and
 * deleted by callers with permission. Operations that change queues are refused by name.
 *
 * @param options.awsUrl where the port listens: `http://127.0.0.1:4566`. Queue URLs answer it.
 * @param options.now milliseconds since 1970. @param options.overlap the milliseconds after which a
 * received message is given out again; set by a fault, and never if absent.
 */
export function sqsService(options: {
  readonly sqs: Store<SqsState>;
  readonly account: string;
  readonly region: string;
  readonly awsUrl: string;
  readonly now?: () => number;
  readonly overlap?: (caller: Caller) => number | undefined;
}): Service {
  const { account, region } = options;
  const context: SqsContext = {
    ...options,
    deletedAt: new Map(),
    now: options.now ?? Date.now,
    overlap: options.overlap ?? (() => undefined),
  };
  const resourceOf = (input: Input) => {
    const name = queueNameOf(input);
    return name === undefined ? "*" : `arn:aws:sqs:${region}:${account}:${name}`;
  };
  const operations = Object.entries(OPERATIONS).map(([name, { action, on, run }]) => {
    const operation: Operation = {
      permissions: (input): readonly PermissionCheck[] => [
        { action: `sqs:${action}`, resource: on === "account" ? "*" : resourceOf(input) },
      ],
      run: (call) => run(context, call),
    };
    return [name, operation] as const;
  });
  return {
    name: "sqs",
    protocol: {
      kind: "json",
      version: "1.0",
      targetPrefixes: ["AmazonSQS."],
      queryError: true,
      errorNamespace: "com.amazonaws.sqs#",
    },
    operations: Object.fromEntries(operations),
  };
}
