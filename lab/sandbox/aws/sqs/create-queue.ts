import { declareQueue } from "./declare-queue.ts";
import { invalidValue, sqsError } from "./errors.ts";
import { text } from "./input.ts";
import type { Handler, SqsContext } from "./operation.ts";
import { checkedAttributes } from "./queue-attributes.ts";
import { urlOf } from "./queue-url.ts";

const NAME = /^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/;
const MEMBERS = ["QueueName", "Attributes"];

/** The time until the name of a deleted queue is free again. */
const FREE_AFTER_MS = 60_000;

/**
 * `CreateQueue`: the queue of that name, where it has the same attributes already.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
 */
export const createQueue: Handler = (context, { input }) => {
  const unknown = Object.keys(input).find((name) => !MEMBERS.includes(name));
  if (unknown !== undefined)
    throw sqsError("UnsupportedOperation", `The sandbox does not emulate ${unknown}.`);
  const name = text(input, "QueueName");
  if (!NAME.test(name))
    throw invalidValue(name, "QueueName", "Can only include alphanumeric characters, _ and -.");
  const attributes = attributesOf(name, input["Attributes"]);
  const existing = context.sqs.state.queues[name];
  if (existing) {
    if (JSON.stringify(existing.attributes) !== JSON.stringify(attributes))
      throw sqsError(
        "QueueNameExists",
        "A queue already exists with the same name and different attributes.",
      );
    return { QueueUrl: urlOf(context, existing) };
  }
  demandFree(context, name);
  const { account, region, awsUrl } = context;
  const url = new URL(`/${account}/${name}`, awsUrl).href;
  const arn = `arn:aws:sqs:${region}:${account}:${name}`;
  declareQueue(context.sqs, { name, arn, url, attributes }, context.now);
  return { QueueUrl: url };
};

function attributesOf(name: string, given: unknown): Readonly<Record<string, string>> {
  try {
    return checkedAttributes(name, (given ?? {}) as Readonly<Record<string, unknown>>);
  } catch (error) {
    throw sqsError("InvalidAttributeValue", (error as Error).message);
  }
}

function demandFree({ deletedAt, now }: SqsContext, name: string): void {
  if (now() - (deletedAt.get(name) ?? Number.NEGATIVE_INFINITY) < FREE_AFTER_MS)
    throw sqsError(
      "QueueDeletedRecently",
      "You must wait 60 seconds after deleting a queue before you can create another with the same name.",
    );
}
