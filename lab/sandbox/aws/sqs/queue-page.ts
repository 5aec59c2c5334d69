import { invalidValue } from "./errors.ts";
import { type Input, optionalInteger, optionalText } from "./input.ts";
import { MAXIMUM_RESULTS } from "./limits.ts";
import type { SqsContext } from "./operation.ts";
import { page } from "./page.ts";
import { urlOf } from "./queue-url.ts";
import type { QueueState } from "./state.ts";

/**
 * A page of queue URLs. Without `MaxResults` SQS answers up to 1000 and gives out no token.
 *
 * @throws InvalidParameterValue
 */
export function queuePage(
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
