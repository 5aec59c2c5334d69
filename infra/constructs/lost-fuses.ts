import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { lostFusesName } from "../../shared/domain/values/arn.ts";
import { acknowledge } from "../synth/acknowledge.ts";
import { deploymentAt } from "../synth/deployment-context.ts";
import { depth } from "./alarm-kind.ts";
import { addAlarm, topicActions } from "./alarms.ts";
import { DEAD_LETTER_RETENTION } from "./converge-queue.ts";

/**
 * Keeps the fuses that Scheduler could not fire in an account and region. It has a queue. Where the broker is
 * not, it has an alarm on it; the broker's own SchedulesDropped counts lost fuses too. A schedule
 * names the queue by its name.
 */
export class LostFuses extends Construct {
  /** @param topics ARNs of SNS topics of this account and region; undefined without an alarm */
  constructor(scope: Construct, id: string, topics?: readonly string[]) {
    super(scope, id);
    const queue = new Queue(this, "Queue", {
      queueName: lostFusesName(deploymentAt(this)),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    acknowledge(queue, {
      SQS3: "This is the dead-letter queue. Each schedule names it, and no redrive policy that cdk-nag could see.",
    });
    if (topics === undefined) return;
    addAlarm(
      this,
      "Alarm",
      { metric: depth(queue), description: DESCRIPTION },
      topicActions(this, topics),
    );
  }
}

const DESCRIPTION =
  "EventBridge Scheduler could not fire a fuse of Timelatch here, the last line that takes access away. Converge ends what is due. Check that the access in the messages is gone. ResourceNotFoundException from EKS means that it was already.";
