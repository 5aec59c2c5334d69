import { queueDoesNotExist } from "./errors.ts";
import { optionalText, text } from "./input.ts";
import type { Handler } from "./operation.ts";
import { urlOf } from "./queue-url.ts";

/** `GetQueueUrl`. Queues of other accounts do not exist here. @throws QueueDoesNotExist */
export const getQueueUrl: Handler = (context, { input }) => {
  const queue = context.sqs.state.queues[text(input, "QueueName")];
  const owner = optionalText(input, "QueueOwnerAWSAccountId") ?? context.account;
  if (queue === undefined || owner !== context.account) throw queueDoesNotExist();
  return { QueueUrl: urlOf(context, queue) };
};
