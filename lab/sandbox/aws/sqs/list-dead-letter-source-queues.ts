import type { Handler } from "./operation.ts";
import { settingsOf } from "./queue-attributes.ts";
import { queuePage } from "./queue-page.ts";
import { queueOf } from "./queue-url.ts";

/** `ListDeadLetterSourceQueues`. The member's lower-case name is SQS's own. */
export const listDeadLetterSourceQueues: Handler = (context, { input }) => {
  const { arn } = queueOf(context, input);
  const sources = Object.values(context.sqs.state.queues).filter(
    (queue) => settingsOf(queue).redrive?.deadLetterTargetArn === arn,
  );
  const { urls, nextToken } = queuePage(context, input, sources);
  return { queueUrls: urls, ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
};
