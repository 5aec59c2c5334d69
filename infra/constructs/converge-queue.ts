import { Duration } from "aws-cdk-lib";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  type IQueue,
  Queue,
  QueueEncryption,
} from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { deploymentAt } from "../synth/deployment-context.ts";
import { queueNameOf } from "../synth/deployment-names.ts";
import type { StackSettings } from "../synth/settings.ts";

/** How long people can look at failed messages: SQS's maximum. */
export const DEAD_LETTER_RETENTION = Duration.days(14);

/**
 * The only way to converge. It is FIFO, with the binding's key as message group. So one worker at a
 * time changes an access entry. Content-based deduplication is for EventBridge Scheduler, which
 * cannot send a deduplication id.
 */
export class ConvergeQueue extends Construct {
  readonly queue: Queue;
  /**
   * For bugs, and for messages for which Lambda could not start a function: each throttle counts as a
   * receive. Converge stores an outage as data, and the sweep retries it.
   */
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    const deadLetters = new Queue(this, "DeadLetters", {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    this.deadLetters = deadLetters;
    this.queue = new Queue(this, "Queue", {
      queueName: queueNameOf(deploymentAt(this), "converge"),
      fifo: true,
      contentBasedDeduplication: true,
      // High throughput: 300 messages a second are too few when thousands of grants end at once.
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(settings.convergeVisibilitySeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: settings.convergeReceives },
    });
  }
}
