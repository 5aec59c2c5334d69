import { Duration } from "aws-cdk-lib";
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  Metric,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";

export interface AlarmsProps {
  readonly converge: IFunction;
  readonly sweep: IFunction;
  readonly convergeQueue: IQueue;
  readonly convergeDeadLetters: IQueue;
  readonly scheduleDeadLetters: IQueue;
}

/** Where the functions' own metrics are: they read it from their environment. */
export const METRICS_NAMESPACE = "Timelatch";

const MINUTE = Duration.minutes(1);
const BACKLOG_SECONDS = 300;

/** What a platform engineer is woken for. Actions are theirs to add: the stack knows no pager. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const depth = (queue: IQueue) =>
      queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: "Maximum" });
    const alarms: Readonly<Record<string, readonly [IMetric, string, number?]>> = {
      OverdueGrants: [
        new Metric({
          namespace: METRICS_NAMESPACE,
          metricName: "OverdueGrants",
          dimensionsMap: { service: "converge" },
          period: MINUTE,
          statistic: "Maximum",
        }),
        "A grant's time is over and its end was not read back: access may still be there. Read converge's log for the cause, and take the access away by hand if it cannot be mended at once.",
      ],
      SweepErrors: [
        props.sweep.metricErrors({ period: MINUTE, statistic: "Sum" }),
        "The sweep failed: the second chance of every end that was missed. Read its log.",
      ],
      ConvergeErrors: [
        props.converge.metricErrors({ period: MINUTE, statistic: "Sum" }),
        "Converge failed. An outage is no error to it, so this is a bug, or a permission that is missing: read its log.",
      ],
      ConvergeBacklog: [
        props.convergeQueue.metricApproximateAgeOfOldestMessage({
          period: MINUTE,
          statistic: "Maximum",
        }),
        "Bindings wait for converge for more than five minutes. Ends are late by as much: look whether converge runs, and at its concurrency.",
        BACKLOG_SECONDS,
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
    for (const [name, [metric, alarmDescription, threshold = 1]] of Object.entries(alarms))
      new Alarm(this, name, {
        metric,
        alarmDescription,
        threshold,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
  }
}
