import { Duration } from "aws-cdk-lib";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { type AlarmKinds, depth, MINUTE, reported } from "./alarm-kind.ts";

export interface EvidenceAlarmsProps {
  readonly correlate: IFunction;
  readonly archive: IFunction;
  readonly evidenceDeadLetters: IQueue;
  /** Absent where access.yaml switches it on for no cluster. */
  readonly activity?: IFunction;
  /** Absent where the account has no clusters. */
  readonly standing?: IFunction;
}

/** An attacker has so long before a record is out of reach. */
const SILENT_HOURS = 2;

/** Alarms on CloudTrail's events, and on the archive. */
export const evidenceAlarms = ({
  correlate,
  archive,
  evidenceDeadLetters,
}: EvidenceAlarmsProps): AlarmKinds => ({
  EvidenceFindings: {
    metric: reported("correlate", "EvidenceFindings"),
    description:
      "Somebody changed an access entry, and no call of Timelatch and no expected principal explains it. Read in Slack's alarm channel, or in correlate's log, who, what and from where.",
  },
  MissingCalls: {
    metric: reported("correlate", "MissingCalls"),
    description:
      "CloudTrail has not shown a call of Timelatch for a day, and its event history does not have it. Read correlate's log for the call.",
  },
  UnreadableEvents: {
    metric: reported("correlate", "UnreadableEvents"),
    description:
      "Correlate cannot read an event of CloudTrail, which may hide a change. Read its log for what is wrong with the event.",
  },
  CorrelateErrors: {
    metric: correlate.metricErrors({ period: MINUTE, statistic: "Sum" }),
    description: "Correlate failed. Access is not affected; calls stay unconfirmed. Read its log.",
  },
  EvidenceDeadLetters: {
    metric: depth(evidenceDeadLetters),
    description:
      "Correlate failed on an event of CloudTrail several times in a row. The event may hide a change. Read correlate's log, then redrive the queue.",
  },
  ArchiveFailing: {
    metric: archive.metricErrors({ period: MINUTE, statistic: "Sum" }),
    description:
      "The record of the last hours is not in the archive, or a day is not sealed. Access is not affected, and the next run continues. Read archive's log for the cause.",
  },
  ArchiveSilent: {
    metric: archive.metricInvocations({ period: Duration.hours(1), statistic: "Sum" }),
    silentPeriods: SILENT_HOURS,
    description:
      "The archive did not run for two hours. What the audit table gets meanwhile is not kept elsewhere. Access is not affected. Look at its rule and its throttles.",
  },
  ChainWentBack: {
    metric: reported("archive", "ChainWentBack"),
    description:
      "The audit table contradicts the archive: somebody deleted or rewrote records. Keep both, and read in archive's log which records they are.",
  },
});

/** Alarms on the function that asks audit logs. */
export const activityAlarms = ({ activity }: EvidenceAlarmsProps): AlarmKinds =>
  activity
    ? {
        ActivityUnread: {
          metric: reported("activity", "ActivityUnread"),
          description:
            "CloudWatch does not answer what was done with a grant. Access is not affected, and the next run asks again for a day. Read activity's log for the cause.",
        },
        ActivityErrors: {
          metric: activity.metricErrors({ period: MINUTE, statistic: "Sum" }),
          description:
            "What was done with grants is not summarized. Access is not affected, and the next run continues. Read activity's log.",
        },
      }
    : {};

/** Alarms on the function that reads what stands without a grant. */
export const standingAlarms = ({ standing }: EvidenceAlarmsProps): AlarmKinds =>
  standing
    ? {
        StandingLate: {
          metric: reported("standing", "StandingLate"),
          description:
            "No cluster's list of standing access should be a day old, and one is. Access is not affected. Read standing's log for what AWS answers.",
        },
        StandingErrors: {
          metric: standing.metricErrors({ period: MINUTE, statistic: "Sum" }),
          description:
            "Reading standing access failed. An outage of EKS does not make it fail, so this is a bug or a missing permission. Access is not affected. Read standing's log.",
        },
        StandingSilent: {
          metric: standing.metricInvocations({ period: Duration.hours(1), statistic: "Sum" }),
          silentPeriods: SILENT_HOURS,
          description:
            "Nobody read standing access for two hours. Its lists grow old. Access is not affected. Look at the function's rule and its throttles.",
        },
      }
    : {};
