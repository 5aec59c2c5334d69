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
/** How many minutes without a sweep are silence: the rule may fire some seconds late. */
const SILENT_MINUTES = 3;

/** One alarm: when it goes off, and what it says. At one a minute, and quiet without data, unless said. */
interface AlarmKind {
  readonly metric: IMetric;
  readonly says: string;
  readonly threshold?: number;
  /** Goes off where the metric stays below 1 for so many minutes, or has no data at all. */
  readonly silentMinutes?: number;
}

/** What a platform engineer is woken for. Actions are theirs to add: the stack knows no pager. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const alarms = { ...accessAlarms(), ...functionAlarms(props), ...queueAlarms(props) };
    for (const [name, { metric, says, threshold = 1, silentMinutes }] of Object.entries(alarms))
      new Alarm(this, name, {
        metric,
        alarmDescription: says,
        threshold,
        ...(silentMinutes === undefined ? HEARD : silentFor(silentMinutes)),
      });
  }
}

const HEARD = {
  evaluationPeriods: 1,
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
};

/** A function that is not invoked has no data points at all: that is what has to be heard. */
const silentFor = (minutes: number) => ({
  evaluationPeriods: minutes,
  comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  treatMissingData: TreatMissingData.BREACHING,
});

type AlarmKinds = Readonly<Record<string, AlarmKind>>;

/** What converge itself reports of the access that it lends. */
function accessAlarms(): AlarmKinds {
  const reported = (metricName: string) =>
    new Metric({
      namespace: METRICS_NAMESPACE,
      metricName,
      dimensionsMap: { service: "converge" },
      period: MINUTE,
      statistic: "Maximum",
    });
  return {
    OverdueGrants: {
      metric: reported("OverdueGrants"),
      says: "A grant's time is over and its end was not read back: access may still be there. Read converge's log for the cause, and take the access away by hand if it cannot be fixed at once.",
    },
    FuseRefused: {
      metric: reported("FuseRefused"),
      says: "EventBridge Scheduler does not take fuses. Access is lent without its last line of defence: read converge's log for what Scheduler answers.",
    },
    BareEntry: {
      metric: reported("BareEntry"),
      says: "An entry of ours without a grant is on a cluster in API_AND_CONFIG_MAP, and hides what aws-auth gives its principal. Read converge's log for why it is not deleted.",
    },
  };
}

/** What Lambda reports of the functions. */
function functionAlarms({ converge, sweep }: AlarmsProps): AlarmKinds {
  const sum = { period: MINUTE, statistic: "Sum" };
  return {
    SweepSilent: {
      metric: sweep.metricInvocations(sum),
      silentMinutes: SILENT_MINUTES,
      says: "The sweep did not run for three minutes. Nothing finds ends that were missed: look at its rule and its throttles.",
    },
    SweepErrors: {
      metric: sweep.metricErrors(sum),
      says: "The sweep failed: the second chance of every end that was missed. Read its log.",
    },
    SweepThrottles: {
      metric: sweep.metricThrottles(sum),
      says: "Lambda did not start the sweep: the account has no concurrency left. Ends that were missed wait.",
    },
    ConvergeErrors: {
      metric: converge.metricErrors(sum),
      says: "Converge failed. An outage is no error to it, so this is a bug, or a permission that is missing: read its log.",
    },
    ConvergeThrottles: {
      metric: converge.metricThrottles(sum),
      says: "Lambda did not start converge: the account has no concurrency left. Ends are late, and after some throttles a message is a dead letter.",
    },
  };
}

/** What SQS reports of the queues. */
function queueAlarms(props: AlarmsProps): AlarmKinds {
  const depth = (queue: IQueue) =>
    queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: "Maximum" });
  return {
    ConvergeBacklog: {
      metric: props.convergeQueue.metricApproximateAgeOfOldestMessage({
        period: MINUTE,
        statistic: "Maximum",
      }),
      threshold: BACKLOG_SECONDS,
      says: "Bindings wait for converge for more than five minutes. Ends are late by as much: look whether converge runs, and at its concurrency.",
    },
    ConvergeDeadLetters: {
      metric: depth(props.convergeDeadLetters),
      says: "A binding was not worked on, several times in a row: converge failed, or Lambda throttled it. The sweep keeps trying; read converge's log and its throttles, then redrive the queue.",
    },
    ScheduleDeadLetters: {
      metric: depth(props.scheduleDeadLetters),
      says: "EventBridge Scheduler could not deliver the end of a grant, or a fuse failed. The sweep ends what is due; check that the grants named in the messages have ended. ResourceNotFoundException from EKS means that access was gone already.",
    },
  };
}
