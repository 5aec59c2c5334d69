import { Duration } from "aws-cdk-lib";
import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
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
import { DEAD_LETTER_RETENTION } from "./converge-queue.ts";

/** How often a message may fail before it is a dead letter. */
const RECEIVES = 5;

/**
 * The queue that wakes notify. It is FIFO, with the subject as message group, so one worker at a
 * time writes about a request or finding. It is apart from converge's queue, so that no message
 * delays an end.
 */
export class NotifyQueue extends Construct {
  readonly queue: Queue;
  /** For bugs: a service that does not answer is stored as data and tried again by the sweep. */
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, { notifyVisibilitySeconds }: StackSettings) {
    super(scope, id);
    this.deadLetters = new Queue(this, "DeadLetters", {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    this.queue = new Queue(this, "Queue", {
      queueName: queueNameOf(deploymentAt(this), "notify"),
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(notifyVisibilitySeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES },
    });
  }
}

/**
 * SES's events about e-mail that did not arrive, on their way to notify. They are on the default bus if the
 * configuration set sends them there, and only AWS may send one from `aws.ses`. A failed event is
 * one line less in `timelatch show`, so Lambda's own two retries are enough.
 * https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html
 */
export class MailEvents extends Construct {
  constructor(scope: Construct, id: string, notify: IFunction) {
    super(scope, id);
    new Rule(this, "NotDelivered", {
      description: "Tells Timelatch's notify function which e-mail bounced",
      eventPattern: {
        source: ["aws.ses"],
        detailType: ["Email Bounced", "Email Complaint Received", "Email Rejected"],
        // Others may use the configuration set too.
        detail: { mail: { tags: { deployment: [deploymentAt(this)] } } },
      },
      targets: [new LambdaFunction(notify)],
    });
  }
}
