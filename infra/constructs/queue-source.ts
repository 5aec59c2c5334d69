import { EventSourceMapping } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { BrokerFunction } from "./broker-function.ts";

/**
 * Has a function take the messages of a queue, one by one. Not SqsEventSource, which grants actions of
 * its own choice.
 *
 * @param most how many messages at once
 */
export function consume(
  scope: Construct,
  id: string,
  queue: IQueue,
  { function: target, role }: BrokerFunction,
  most: number,
): void {
  const mapping = new EventSourceMapping(scope, id, {
    target,
    eventSourceArn: queue.queueArn,
    batchSize: 1,
    maxConcurrency: most,
    // With batches of one it changes no answer, but it keeps the mapping's concurrency. Without it,
    // Lambda lowers that when a function fails, and one subject would delay all others.
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    reportBatchItemFailures: true,
  });
  // Lambda refuses a mapping whose function may not read the queue yet.
  mapping.node.addDependency(role);
}
