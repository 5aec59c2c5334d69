import { invalidValue, queueDoesNotExist } from "./errors.ts";
import { type Input, optionalInteger, optionalText, text } from "./input.ts";
import { MAXIMUM_RESULTS } from "./limits.ts";
import type { Handler, SqsContext } from "./operation.ts";
import { page } from "./page.ts";
import { settingsOf } from "./queue-attributes.ts";
import { queueOf, urlOf } from "./queue-url.ts";
import type { QueueState } from "./state.ts";
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

/**
 * A page of queue URLs. Without `MaxResults` SQS answers up to 1000 and gives out no token.
 *
 * @throws InvalidParameterValue
 */
function queuePage(
  context: SqsContext,
  input: Input,
  queues: readonly QueueState[],
): { readonly urls: readonly string[]; readonly nextToken?: string } {
  const asked = optionalInteger(input, "MaxResults", MAXIMUM_RESULTS);
  const { items, nextToken } = page(queues, ({ name }) => name, {
    maxResults: asked ?? MAXIMUM_RESULTS.max,
    nextToken: optionalText(input, "NextToken"),
    refuse: (token) => invalidValue(token, "NextToken", "It was not given out by this operation."),
  });
  return {
    urls: items.map((queue) => urlOf(context, queue)),
    ...(asked === undefined || nextToken === undefined ? {} : { nextToken }),
  };
}
