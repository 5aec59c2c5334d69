import { ArnFormat, Aws, Stack } from "aws-cdk-lib";
import { type PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { allow } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { DEAD_LETTER_RETENTION } from "./converge-queue.ts";
import { FuseRole } from "./fuse-role.ts";
import { forSchedulesOf } from "./scheduler-principal.ts";

/**
 * The schedules that end access on time: their group, and the two roles that EventBridge Scheduler
 * assumes. Neither role can add access to anything.
 */
export class Schedules extends Construct {
  readonly groupName: string;
  /** `arn:…:schedule/<deployment>/*`: every schedule that the broker may make. */
  readonly scheduleArns: string;
  /** Sends a grant's end to the converge queue. */
  readonly scheduleRole: Role;
  /** Removes access without the broker's code, if everything else has failed. */
  readonly fuseRole: Role;
  /** Deliveries that Scheduler could not make. */
  readonly deadLetters: IQueue;

  /** @param remoteRegions other regions of the broker's account, where its fuses fire as well */
  constructor(
    scope: Construct,
    id: string,
    converge: IQueue,
    remoteRegions: readonly string[] = [],
  ) {
    super(scope, id);
    const deployment = deploymentAt(this);
    const group = new CfnScheduleGroup(this, "Group", { name: deployment });
    this.groupName = group.ref;
    this.scheduleArns = this.#arn("scheduler", "schedule", `${deployment}/*`);
    this.deadLetters = this.#deadLetters();
    const keepFailures = allow(
      "SendToDeadLetterQueue",
      ["sqs:SendMessage"],
      [this.deadLetters.queueArn],
    );
    this.scheduleRole = this.#role("ScheduleRole", "schedule", group, {
      description: "Lets EventBridge Scheduler send the end of a grant to Timelatch",
      statements: [
        allow("SendToConvergeQueue", ["sqs:SendMessage"], [converge.queueArn]),
        keepFailures,
      ],
    });
    this.fuseRole = new FuseRole(this, "FuseRole", [Aws.REGION, ...remoteRegions]);
    this.fuseRole.addToPolicy(keepFailures);
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

  #role(
    id: string,
    part: string,
    group: CfnScheduleGroup,
    {
      description,
      statements,
    }: { readonly description: string; readonly statements: readonly PolicyStatement[] },
  ): Role {
    const role = new Role(this, id, {
      roleName: roleNameOf(deploymentAt(this), part),
      assumedBy: forSchedulesOf([group.attrArn]),
      description,
    });
    for (const statement of statements) role.addToPolicy(statement);
    return role;
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
