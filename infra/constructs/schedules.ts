import { ArnFormat, Aws, Stack } from "aws-cdk-lib";
import { type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { NODE_OR_SERVICE_ENTRY, ownEntry } from "../../shared/domain/grantors/entry-conditions.ts";
import { allow, deny } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { roleNameOf } from "../synth/deployment-names.ts";
import { DEAD_LETTER_RETENTION } from "./converge-queue.ts";

/**
 * What ends access on time: the group of all schedules, and the two roles that EventBridge Scheduler
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
  /** What Scheduler could not deliver. */
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, converge: IQueue) {
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
    this.fuseRole = this.#role("FuseRole", "fuse", group, {
      description: "Lets EventBridge Scheduler remove access to EKS clusters, and nothing else",
      statements: [...removal(this.#arn("eks", "access-entry", "*"), deployment), keepFailures],
    });
    acknowledge(this.fuseRole, {
      "IAM5[Resource::arn:<AWS::Partition>:eks:<AWS::Region>:<AWS::AccountId>:access-entry/*]":
        "An entry's ARN ends in a UUID that is unknown before it exists, and removal must work for clusters that have left access.yaml. The role can only remove access.",
    });
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
      // Scheduler presents the group's ARN, and not the schedule's.
      // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
          ArnEquals: { "aws:SourceArn": group.attrArn },
        },
      }),
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

/** What a fuse may do to an access entry. */
const removal = (entries: string, deployment: string): readonly PolicyStatement[] => [
  allow("DisassociateAccessPolicies", ["eks:DisassociateAccessPolicy"], [entries]),
  allow("DeleteOwnAccessEntries", ["eks:DeleteAccessEntry"], [entries], ownEntry(deployment)),
  deny(
    "DenyNodeAndServiceEntries",
    ["eks:DisassociateAccessPolicy", "eks:DeleteAccessEntry"],
    ["*"],
    NODE_OR_SERVICE_ENTRY,
  ),
];
