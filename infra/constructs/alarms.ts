import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Topic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type AlarmKind, type AlarmKinds, depth, MINUTE, reported } from "./alarm-kind.ts";
import {
  activityAlarms,
  type EvidenceAlarmsProps,
  evidenceAlarms,
  standingAlarms,
} from "./evidence-alarms.ts";
import { type FrontAlarmsProps, frontAlarms } from "./front-alarms.ts";
import { type OutsideAlarmsProps, outsideAlarms } from "./outside-alarms.ts";

export interface AlarmsProps extends EvidenceAlarmsProps, FrontAlarmsProps, OutsideAlarmsProps {
  /** ARNs of SNS topics. */
  readonly topics: readonly string[];
  readonly converge: IFunction;
  readonly sweep: IFunction;
  readonly notifyDeadLetters: IQueue;
  readonly convergeQueue: IQueue;
  readonly convergeDeadLetters: IQueue;
  readonly scheduleDeadLetters: IQueue;
  /** The group of all schedules that end access. */
  readonly scheduleGroupName: string;
}

const BACKLOG_SECONDS = 300;
/** More than one minute, since the rule may fire some seconds late. */
const SILENT_MINUTES = 3;

/** Alarms that wake a platform engineer, through the topics that the deployment names. */
export class Alarms extends Construct {
  readonly all: readonly Alarm[];
  /** The same as data, by what they watch. */
  readonly groups: Readonly<Record<string, AlarmKinds>>;

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    this.groups = {
      Access: accessAlarms(),
      Functions: functionAlarms(props),
      Queues: queueAlarms(props),
      "API and Slack": frontAlarms(props),
      Messages: { ...noticeAlarms(props), ...reviewAlarms(), ...glassAlarms(props) },
      Evidence: {
        ...evidenceAlarms(props),
        ...activityAlarms(props),
        ...standingAlarms(props),
        ...outsideAlarms(props),
      },
    };
    const actions = topicActions(this, props.topics);
    this.all = Object.values(this.groups).flatMap((kinds) =>
      Object.entries(kinds).map(([name, kind]) => addAlarm(this, name, kind, actions)),
    );
  }
}

/** Actions that send to topics. @param topics their ARNs */
export const topicActions = (scope: Construct, topics: readonly string[]): readonly SnsAction[] =>
  topics.map((arn, at) => new SnsAction(Topic.fromTopicArn(scope, `Topic${at + 1}`, arn)));

export const addAlarm = (
  scope: Construct,
  id: string,
  kind: AlarmKind,
  actions: readonly SnsAction[],
): Alarm => notifying(new Alarm(scope, id, asMade(kind)), actions);

const asMade = ({ metric, description, threshold = 1, periods = 1, silentPeriods }: AlarmKind) => ({
  metric,
  alarmDescription: description,
  threshold,
  ...(silentPeriods === undefined ? atThresholdFor(periods) : withoutDataFor(silentPeriods)),
});

/** The topics also learn when it is over. */
function notifying(alarm: Alarm, actions: readonly SnsAction[]): Alarm {
  alarm.addAlarmAction(...actions);
  alarm.addOkAction(...actions);
  return alarm;
}

const atThresholdFor = (periods: number) => ({
  evaluationPeriods: periods,
  comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  treatMissingData: TreatMissingData.NOT_BREACHING,
});

/** A function that is not invoked has no data points, so missing data must fire the alarm. */
const withoutDataFor = (periods: number) => ({
  evaluationPeriods: periods,
  comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
  treatMissingData: TreatMissingData.BREACHING,
});

/** Alarms on messages and events that do not arrive. */
const noticeAlarms = ({ notifyDeadLetters }: AlarmsProps): AlarmKinds => ({
  UndeliverableNotices: {
    metric: reported("notify", "UndeliverableNotices"),
    description:
      "Slack refuses a message: the channel is gone, the app is not in it, the person is unknown, or the bot token is missing or revoked. Or SES refuses an e-mail: the address is not verified, or sending is paused. Or EventBridge has refused an event for five minutes. Access is not affected. Read notify's log for the reason.",
  },
  NotifyDeadLetters: {
    metric: depth(notifyDeadLetters),
    description:
      "Notify failed on a request or a finding five times in a row, or Lambda did not start it. An outage of Slack does not make it fail, so this is a bug, a missing permission, or no concurrency. Messages wait; the sweep retries; access is not affected. Read notify's log, then redrive the queue.",
  },
});

/** Where Slack has no alarm channel, the topics hear of break-glass. */
const glassAlarms = ({ slack }: AlarmsProps): AlarmKinds =>
  slack
    ? {}
    : {
        BreakGlassUsed: {
          metric: reported("notify", "BreakGlassUsed"),
          description:
            "Somebody has broken the glass: access that nobody approved is there. It ends by itself. Timelatch review and list --all show who it is, and why.",
        },
      };

/** The sweep may report some seconds late, so a minute may have no data. */
const REVIEW_PERIOD = Duration.minutes(5);

/** An alarm on reviews of break-glass that nobody closes. */
const reviewAlarms = (): AlarmKinds => ({
  OverdueReviews: {
    metric: reported("sweep", "OverdueReviews", REVIEW_PERIOD),
    description:
      "Nobody has reviewed a break-glass within the time of its rule. It fires until somebody closes the review. Access is not affected. List them with timelatch review.",
  },
});

/** Alarms on what converge itself reports about the access that it lends. */
function accessAlarms(): AlarmKinds {
  return {
    OverdueGrants: {
      metric: reported("converge", "OverdueGrants"),
      description:
        "A grant is over, and no read shows yet that its access is gone. Read converge's log for the cause. If you cannot fix it at once, remove the access by hand.",
    },
    FuseRefused: {
      metric: reported("converge", "FuseRefused"),
      description:
        "EventBridge Scheduler refuses fuses, or the end of a grant, such as at its quota of schedules. Without a fuse Timelatch lends without its last line of defence; without its end a grant does not begin. Read in converge's log what Scheduler answers.",
    },
    TableFaults: {
      metric: reported("converge", "TableFaults"),
      description:
        "The requests table holds records that Timelatch did not write so, or that somebody changed; or an access entry holds more than a ledger has room for. Nothing is added by such records, and their ends come. Read in converge's log which it is.",
    },
    BareEntry: {
      metric: reported("converge", "BareEntry"),
      description:
        "An access entry of Timelatch's without a grant is on a cluster in API_AND_CONFIG_MAP, and hides what aws-auth gives its principal. Read in converge's log why it is not deleted.",
    },
  };
}

/** Alarms on what Lambda reports about the functions. */
function functionAlarms({ converge, sweep }: AlarmsProps): AlarmKinds {
  const sum = { period: MINUTE, statistic: "Sum" };
  return {
    SweepSilent: {
      metric: sweep.metricInvocations(sum),
      silentPeriods: SILENT_MINUTES,
      description:
        "The sweep did not run for three minutes. Nothing finds ends that were missed. Look at its rule, and whether Lambda has concurrency left for it.",
    },
    SweepErrors: {
      metric: sweep.metricErrors(sum),
      description: "The sweep failed. It finds ends that were missed. Read its log.",
    },
    ConvergeErrors: {
      metric: converge.metricErrors(sum),
      description:
        "Converge failed. An outage does not make it fail, so this is a bug or a missing permission. Read its log.",
    },
    ConvergeThrottles: {
      metric: converge.metricThrottles(sum),
      description:
        "Lambda did not start converge: the account has no concurrency left. Ends are late, and repeated throttles make a message a dead letter.",
    },
  };
}

/** Alarms on what SQS reports about converge's queues. */
function queueAlarms(props: AlarmsProps): AlarmKinds {
  return {
    ConvergeBacklog: {
      metric: props.convergeQueue.metricApproximateAgeOfOldestMessage({
        period: MINUTE,
        statistic: "Maximum",
      }),
      threshold: BACKLOG_SECONDS,
      description:
        "Bindings wait for converge for more than five minutes, and ends are late by as much. Check that converge runs, and its concurrency.",
    },
    ConvergeDeadLetters: {
      metric: depth(props.convergeDeadLetters),
      description:
        "Converge failed on a binding several times in a row, or Lambda throttled it. The sweep retries. Read converge's log and its throttles, then redrive the queue.",
    },
    SchedulesDropped: {
      metric: new Metric({
        namespace: "AWS/Scheduler",
        metricName: "InvocationDroppedCount",
        dimensionsMap: { ScheduleGroup: props.scheduleGroupName },
        period: MINUTE,
        statistic: "Sum",
      }),
      description:
        "EventBridge Scheduler gave up on an end or a fuse that it could not deliver. The sweep ends what is due. Look in the dead-letter queue of schedules, and in that of lost fuses, for which one it was.",
    },
    ScheduleDeadLetters: {
      metric: depth(props.scheduleDeadLetters),
      description:
        "EventBridge Scheduler could not deliver the end of a grant. The sweep ends what is due. Check that the grants in the messages have ended.",
    },
  };
}
