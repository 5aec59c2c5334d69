import { Duration } from "aws-cdk-lib";
import {
  DeduplicationScope,
  FifoThroughputLimit,
  type IQueue,
  Queue,
  QueueEncryption,
} from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { StackSettings } from "../synth/settings.ts";

/** How long what failed for good is kept for people to look at: SQS's maximum. */
export const DEAD_LETTER_RETENTION = Duration.days(14);

/**
 * The one way to converge: FIFO, with the binding's key as message group, so that one worker at a
 * time touches an access entry. Content-based deduplication is for Scheduler, which can send no
 * deduplication id of its own.
 */
export class ConvergeQueue extends Construct {
  readonly queue: Queue;
  /**
   * For bugs, and for messages that Lambda could not start a function for: each throttle counts as a
   * receive. An outage is stored as data and tried again by the sweep.
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
      queueName: "converge.fifo",
      fifo: true,
      contentBasedDeduplication: true,
      // High throughput: 300 messages a second are too few where thousands of grants end at once.
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
