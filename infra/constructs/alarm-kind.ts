/** Alarms as data, and the metrics that they look at. */
import { Duration } from "aws-cdk-lib";
import { type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";

/** The CloudWatch namespace of the functions' own metrics, which read it from their environment. */
export const METRICS_NAMESPACE = "Timelatch";

export const MINUTE = Duration.minutes(1);

/** One alarm. Without more, it fires at one in a minute, and missing data is fine. */
interface AlarmKind {
  readonly metric: IMetric;
  /** What happened, and what to do. */
  readonly description: string;
  readonly threshold?: number;
  /** Fires instead where the metric is below 1, or has no data, for so many of its periods. */
  readonly silentPeriods?: number;
}

export type AlarmKinds = Readonly<Record<string, AlarmKind>>;

/** What a function reports itself, at its highest in a minute or in another period. */
export const reported = (service: string, metricName: string, period = MINUTE) =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName,
    dimensionsMap: { service },
    period,
    statistic: "Maximum",
  });

/** How many messages a queue holds, at its highest in a minute. */
export const depth = (queue: IQueue) =>
  queue.metricApproximateNumberOfMessagesVisible({ period: MINUTE, statistic: "Maximum" });
