import { ArnFormat, Aws, Stack } from "aws-cdk-lib";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import { type IQueue, Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { NOT_A_PERSONS_ENTRY, OURS } from "../permissions/entry-conditions.ts";
import { allow, deny } from "../permissions/statements.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { DEAD_LETTER_RETENTION } from "./converge-queue.ts";

const GROUP = "timelatch";

/**
 * What ends access when its time has come: the group that every schedule is in, and the two roles
 * that Scheduler takes. Neither can add access to anything.
 */
export class Schedules extends Construct {
  readonly groupName: string;
  /** `arn:…:schedule/timelatch/*`: every schedule that the broker may make. */
  readonly scheduleArns: string;
  /** Sends a grant's end to the converge queue. */
  readonly scheduleRole: Role;
  /** Takes access away without us, should everything else have failed. */
  readonly fuseRole: Role;
  /** What Scheduler could not deliver. */
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, converge: IQueue) {
    super(scope, id);
    const stack = Stack.of(this);
    const group = new CfnScheduleGroup(this, "Group", { name: GROUP });
    this.groupName = group.ref;
    this.scheduleArns = stack.formatArn({
      ...HERE,
      service: "scheduler",
      resource: "schedule",
      resourceName: `${GROUP}/*`,
    });
    // Standard, since Scheduler takes no FIFO queue for this.
    this.deadLetters = new Queue(this, "DeadLetters", {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    acknowledge(this.deadLetters, {
      SQS3: "This is the dead-letter queue: Scheduler names it in each schedule, and not in a redrive policy that cdk-nag could see.",
    });
    // The group's ARN and not a schedule's: that is what Scheduler presents.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    const trusted = new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: {
        StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
        ArnEquals: { "aws:SourceArn": group.attrArn },
      },
    });
    const keepFailures = allow("KeepFailures", ["sqs:SendMessage"], [this.deadLetters.queueArn]);
    this.scheduleRole = new Role(this, "ScheduleRole", {
      assumedBy: trusted,
      description: "Lets EventBridge Scheduler tell Timelatch that a grant ends",
    });
    this.scheduleRole.addToPolicy(allow("TellConverge", ["sqs:SendMessage"], [converge.queueArn]));
    this.scheduleRole.addToPolicy(keepFailures);

    const entries = stack.formatArn({
      ...HERE,
      service: "eks",
      resource: "access-entry",
      resourceName: "*",
    });
    this.fuseRole = new Role(this, "FuseRole", {
      assumedBy: trusted,
      description: "Lets EventBridge Scheduler take access to EKS clusters away, and nothing else",
    });
    this.fuseRole.addToPolicy(allow("TakeAway", ["eks:DisassociateAccessPolicy"], [entries]));
    this.fuseRole.addToPolicy(allow("DeleteOurs", ["eks:DeleteAccessEntry"], [entries], OURS));
    this.fuseRole.addToPolicy(
      deny(
        "LeaveNodesAlone",
        ["eks:DisassociateAccessPolicy", "eks:DeleteAccessEntry"],
        ["*"],
        NOT_A_PERSONS_ENTRY,
      ),
    );
    this.fuseRole.addToPolicy(keepFailures);
    acknowledge(this.fuseRole, {
      "IAM5[Resource::arn:<AWS::Partition>:eks:<AWS::Region>:<AWS::AccountId>:access-entry/*]":
        "An entry's ARN ends in a UUID that is unknown before it exists, and removal must work for clusters that have left access.yaml. The role can only take access away.",
    });
  }
}

/** Spelled as pseudo parameters even where account and region are known, so that the template does not depend on it. */
const HERE = {
  partition: Aws.PARTITION,
  region: Aws.REGION,
  account: Aws.ACCOUNT_ID,
  arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
};
