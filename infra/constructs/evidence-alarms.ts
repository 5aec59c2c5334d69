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

/** An attacker has this time before a record is out of reach. */
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
      "CloudTrail contradicts Timelatch. Somebody changed an access entry, and nothing explains it; or CloudTrail lacks a call of Timelatch's; or correlate cannot read an event, which may hide a change. Read in Slack's alarm channel, or in correlate's log, which one, who, what and from where.",
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
      "The audit table contradicts the archive, or the archive has an object that Timelatch did not write. Somebody deleted, rewrote or put records. Keep both, and read in archive's log which they are.",
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

/** The sweep looks at the lists every five minutes. It may be some seconds late, so a longer time has data. */
const STANDING_PERIOD = Duration.minutes(15);

/**
 * The alarm on lists of standing access, whatever makes them old: a function that does not run, that fails, or
 * that AWS refuses. The sweep looks at the lists, because a function that does not run reports nothing.
 */
export const standingAlarms = ({ standing }: EvidenceAlarmsProps): AlarmKinds =>
  standing
    ? {
        StandingLate: {
          metric: reported("sweep", "StandingLate", STANDING_PERIOD),
          // The first reading of a new cluster begins within five minutes.
          periods: 2,
          description:
            "A cluster's list of standing access is more than twelve hours old: the function standing does not run, fails, or gets no answer from AWS. Access is not affected. Read standing's log; if it has no lines, look at its rule and its throttles.",
        },
      }
    : {};
