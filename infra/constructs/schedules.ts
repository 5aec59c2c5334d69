import { ArnFormat, Aws, Stack } from "aws-cdk-lib";
import { Role } from "aws-cdk-lib/aws-iam";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { fuseRoleArn } from "../../shared/domain/values/arn.ts";
import { allow } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { DEAD_LETTER_RETENTION } from "./converge-queue.ts";
import { forSchedulesOf } from "./scheduler-principal.ts";

/**
 * The schedules that end access on time. Their group and the role of fuses are in a stack of their
 * own, and go by their names here. Neither role can add access to anything.
 */
export class Schedules extends Construct {
  readonly groupName: string;
  /** `arn:…:schedule/<deployment>/*`: every schedule that the broker may make. */
  readonly scheduleArns: string;
  /** Sends a grant's end to the converge queue. */
  readonly scheduleRole: Role;
  /** The role that removes access without the broker's code, if everything else has failed. */
  readonly fuseRoleArn: string;
  /** Ends that Scheduler could not deliver. */
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, converge: IQueue) {
    super(scope, id);
    const deployment = deploymentAt(this);
    this.groupName = deployment;
    this.scheduleArns = this.#arn("scheduler", "schedule", `${deployment}/*`);
    this.deadLetters = this.#deadLetters();
    this.fuseRoleArn = fuseRoleArn(
      { partition: Aws.PARTITION, account: Aws.ACCOUNT_ID },
      deployment,
    );
    this.scheduleRole = new Role(this, "ScheduleRole", {
      roleName: roleNameOf(deployment, "schedule"),
      assumedBy: forSchedulesOf([this.#arn("scheduler", "schedule-group", deployment)]),
      description: "Lets EventBridge Scheduler send the end of a grant to Timelatch",
    });
    for (const [sid, queue] of [
      ["SendToConvergeQueue", converge],
      ["SendToDeadLetterQueue", this.deadLetters],
    ] as const)
      this.scheduleRole.addToPolicy(allow(sid, ["sqs:SendMessage"], [queue.queueArn]));
  }

  /** A standard queue: Scheduler accepts no FIFO queue for dead letters. */
  #deadLetters(): IQueue {
    const queue = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    acknowledge(queue, {
      SQS3: "This is the dead-letter queue. Each schedule names it, and no redrive policy that cdk-nag could see.",
    });
    return queue;
  }

  /** Uses pseudo parameters even for a known account and region, so that the template stays the same. */
  #arn(service: string, resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      partition: Aws.PARTITION,
      region: Aws.REGION,
      account: Aws.ACCOUNT_ID,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      service,
      resource,
      resourceName,
    });
  }
}
