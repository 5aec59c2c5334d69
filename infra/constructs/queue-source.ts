import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { BrokerFunction } from "./broker-function.ts";

/**
 * Has a function take the messages of a queue. Not SqsEventSource, which grants actions of its own
 * choice.
 *
 * @param most how many runs of the function at once
 * @param batchSize how many messages a run takes at most
 */
export function consume(
  scope: Construct,
  id: string,
  queue: IQueue,
  { function: target, role }: BrokerFunction,
  most: number,
  batchSize = 1,
): void {
  const mapping = new EventSourceMapping(scope, id, {
    target,
    eventSourceArn: queue.queueArn,
    batchSize,
    maxConcurrency: most,
    // With batches of one message it changes no answer, but it keeps the mapping's concurrency. Without it,
    // Lambda lowers that when a function fails, and one subject would delay all others.
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    reportBatchItemFailures: true,
  });
  // Lambda refuses a mapping whose function may not read the queue yet.
  mapping.node.addDependency(role);
}
