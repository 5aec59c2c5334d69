import { queueDoesNotExist } from "./errors.ts";
import { optionalText, text } from "./input.ts";
import type { Handler } from "./operation.ts";
import { settingsOf } from "./queue-attributes.ts";
import { queuePage } from "./queue-page.ts";
import { queueOf, urlOf } from "./queue-url.ts";
import { storedQueue } from "./stored-queue.ts";

/** `ListQueues`: those whose names begin with `QueueNamePrefix`. */
export const listQueues: Handler = (context, { input }) => {
  const prefix = optionalText(input, "QueueNamePrefix") ?? "";
  const queues = Object.values(context.sqs.state.queues).filter(({ name }) =>
    name.startsWith(prefix),
  );
  const { urls, nextToken } = queuePage(context, input, queues);
  return {
    ...(urls.length === 0 ? {} : { QueueUrls: urls }),
    ...(nextToken === undefined ? {} : { NextToken: nextToken }),
  };
};

/** `GetQueueUrl`. Queues of other accounts do not exist here. @throws QueueDoesNotExist */
export const getQueueUrl: Handler = (context, { input }) => {
  const queue = context.sqs.state.queues[text(input, "QueueName")];
  const owner = optionalText(input, "QueueOwnerAWSAccountId") ?? context.account;
  if (queue === undefined || owner !== context.account) throw queueDoesNotExist();
  return { QueueUrl: urlOf(context, queue) };
};

/** `ListDeadLetterSourceQueues`. The member's lower-case name is SQS's own. */
export const listDeadLetterSourceQueues: Handler = (context, { input }) => {
  const { arn } = queueOf(context, input);
  const sources = Object.values(context.sqs.state.queues).filter(
    (queue) => settingsOf(queue).redrive?.deadLetterTargetArn === arn,
  );
  const { urls, nextToken } = queuePage(context, input, sources);
  return { queueUrls: urls, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
};

/** `ListQueueTags`. */
export const listQueueTags: Handler = (context, { input }) => {
  const { tags } = storedQueue(context, queueOf(context, input));
  return Object.keys(tags).length === 0 ? {} : { Tags: tags };
};
