import { optionalText } from "./input.ts";
import type { Handler } from "./operation.ts";
import { queuePage } from "./queue-page.ts";

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
