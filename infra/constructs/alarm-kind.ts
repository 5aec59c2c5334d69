/** Alarms as data, and the metrics that they look at. */
import { Duration, Lazy } from "aws-cdk-lib";
import { type IMetric, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { DEFAULT_DEPLOYMENT } from "../../shared/domain/values/deployment.ts";
import { deploymentAt } from "../synth/deployment-context.ts";

/**
 * The CloudWatch namespace of the functions' own metrics, which read it from their environment. Each
 * deployment has its own. It is a token, which becomes the name in the stack that uses it.
 */
export const METRICS_NAMESPACE = Lazy.uncachedString({
  produce: ({ scope }) => {
    const deployment = deploymentAt(scope);
    return deployment === DEFAULT_DEPLOYMENT ? "Timelatch" : `Timelatch/${deployment}`;
  },
});

export const MINUTE = Duration.minutes(1);

/** One alarm. Without more, it fires at one in a minute, and missing data is fine. */
export interface AlarmKind {
  readonly metric: IMetric;
  /** Says what happened, and what to do. */
  readonly description: string;
  readonly threshold?: number;
  /** How many periods in a row it must last; 1 by default. */
  readonly periods?: number;
  /** Fires instead where the metric is below 1, or has no data, for this many of its periods. */
  readonly silentPeriods?: number;
}

export type AlarmKinds = Readonly<Record<string, AlarmKind>>;

/** A metric that a function reports itself, at its highest in a minute or in another period. */
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
