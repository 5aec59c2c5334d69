import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export interface AlarmsProps {
  readonly converge: IFunction;
  readonly convergeDeadLetters: IQueue;
  readonly scheduleDeadLetters: IQueue;
}

const MINUTE = Duration.minutes(1);

/** What a platform engineer is woken for. Actions are theirs to add: the stack knows no pager. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const depth = (queue: IQueue) =>
      queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: "Maximum" });
    const alarms: Readonly<Record<string, readonly [IMetric, string]>> = {
      ConvergeErrors: [
        props.converge.metricErrors({ period: MINUTE, statistic: "Sum" }),
        "Converge failed. An outage is no error to it, so this is a bug, or a permission that is missing: read its log.",
      ],
      ConvergeDeadLetters: [
        depth(props.convergeDeadLetters),
        "A binding could not be worked on, again and again. The sweep keeps trying; read converge's log for the cause, then redrive the queue.",
      ],
      ScheduleDeadLetters: [
        depth(props.scheduleDeadLetters),
        "EventBridge Scheduler could not deliver the end of a grant, or a fuse failed. The sweep ends what is due; check that the grants named in the messages have ended. ResourceNotFoundException from EKS means that access was gone already.",
      ],
    };
    for (const [name, [metric, alarmDescription]] of Object.entries(alarms))
      new Alarm(this, name, {
        metric,
        alarmDescription,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
  }
}
