import { missingParameter, queueDoesNotExist, sqsError } from "./errors.ts";
import { type Input, optionalText } from "./input.ts";
import type { SqsContext } from "./operation.ts";
import { openQueue, type Queue } from "./queue.ts";
import type { QueueState } from "./state.ts";

/** The name of the queue that a call is for, existing or not: from `QueueUrl`, or `QueueName`. */
export function queueNameOf(input: Input): string | undefined {
  const url = input["QueueUrl"];
  if (typeof url === "string") return parse(url)?.name;
  const name = input["QueueName"];
  return typeof name === "string" ? name : undefined;
}

/**
 * The queue that `QueueUrl` names. Only the path counts: one queue is reached through several
 * names of one host.
 *
 * @throws MissingParameter, InvalidAddress, QueueDoesNotExist
 */
export function queueOf(context: SqsContext, input: Input): Queue {
  const url = optionalText(input, "QueueUrl");
  if (url === undefined || url === "") throw missingParameter("QueueUrl");
  const parsed = parse(url);
  if (parsed === undefined)
    throw sqsError("InvalidAddress", `The address ${url} is not valid for this endpoint.`);
  if (parsed.account !== context.account) throw queueDoesNotExist();
  return openQueue(context.sqs, parsed.name, context.now);
}

/** The queue's URL at the port's present address; a stored one may name an earlier port. */
export function urlOf(context: SqsContext, queue: QueueState): string {
  return new URL(new URL(queue.url).pathname, context.awsUrl).href;
}

function parse(url: string): { readonly account: string; readonly name: string } | undefined {
  if (!URL.canParse(url)) return undefined;
  const [account, name, ...more] = new URL(url).pathname.split("/").filter((part) => part !== "");
  return account !== undefined && name !== undefined && more.length === 0
    ? { account, name }
    : undefined;
}
