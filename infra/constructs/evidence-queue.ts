import { Duration } from "aws-cdk-lib";
import { type IEventBus, type IRuleTarget, Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type IQueue, Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { ENTRY_CHANGES } from "../permissions/entry-changes.ts";
import type { StackSettings } from "../synth/settings.ts";
import { DEAD_LETTER_RETENTION } from "./converge-queue.ts";

/** A message that waits for its call's record is received twice or three times. */
const RECEIVES = 10;

/**
 * CloudTrail's events about access entries, on their way from EventBridge to correlate.
 * The queue loses nothing in a burst or an outage. Order does not matter, so it is no FIFO queue.
 */
export class EvidenceQueue extends Construct {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, { correlateVisibilitySeconds }: StackSettings) {
    super(scope, id);
    this.deadLetters = this.#queue("DeadLetters");
    this.queue = this.#queue("Queue", {
      visibilityTimeout: Duration.seconds(correlateVisibilitySeconds),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES },
    });
    // The events exist only where a trail of the region logs management events.
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    new Rule(this, "Changes", {
      description: "Sends every change of an EKS access entry to Timelatch's correlate function",
      eventPattern: ENTRY_CHANGES,
      targets: [this.#target()],
    });
  }

  /** Takes them from a bus as well, to which other accounts and regions forward them. */
  takeFrom(eventBus: IEventBus): void {
    new Rule(this, "Forwarded", {
      description:
        "Sends what other accounts and regions forward to Timelatch's correlate function",
      eventBus,
      eventPattern: ENTRY_CHANGES,
      targets: [this.#target()],
    });
  }

  /** Has the clock start the search for calls that EventBridge has not confirmed. */
  searchBy(correlate: IFunction): void {
    new Rule(this, "Search", {
      description:
        "Starts Timelatch's search in CloudTrail for calls that EventBridge has not confirmed",
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(correlate)],
    });
  }

  /** Not CDK's target, which grants more than to send. Only the rule may send. */
  #target(): IRuleTarget {
    return {
      bind: ({ ruleRef }) => {
        for (const queue of [this.queue, this.deadLetters])
          queue.addToResourcePolicy(
            new PolicyStatement({
              actions: ["sqs:SendMessage"],
              principals: [new ServicePrincipal("events.amazonaws.com")],
              resources: [queue.queueArn],
              conditions: { ArnEquals: { "aws:SourceArn": ruleRef.ruleArn } },
            }),
          );
        const deadLetterConfig = { arn: this.deadLetters.queueArn };
        return { arn: this.queue.queueArn, deadLetterConfig };
      },
    };
  }

  #queue(id: string, props: QueueProps = {}): IQueue {
    return new Queue(this, id, {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
      ...props,
    });
  }
}
