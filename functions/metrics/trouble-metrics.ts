import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { madeOnce } from "../../shared/domain/values/made-once.ts";

/** By name of the metric. Each is 0 while all is well. */
export type Troubles = Readonly<Record<string, number>>;

/** Sends a function's metrics. */
type Sender = Pick<Metrics, "addMetric" | "publishStoredMetrics">;

/**
 * Reports what is wrong, each as a metric that feeds the alarm of its name. A 0 is not sent:
 * CloudWatch bills a metric by the hour in which it has data. Alarms take missing data as well as a
 * 0. That a function runs at all is shown by Lambda's own metrics.
 *
 * @param service the function's name
 */
export function troubleMetrics(
  service: string,
  sender: () => Sender = madeOnce(() => new Metrics({ serviceName: service })),
): (troubles: Troubles, unit?: (typeof MetricUnit)[keyof typeof MetricUnit]) => void {
  return (troubles, unit = MetricUnit.Count) => {
    const wrong = Object.entries(troubles).filter(([, value]) => value > 0);
    if (wrong.length === 0) return;
    for (const [name, value] of wrong) sender().addMetric(name, unit, value);
    sender().publishStoredMetrics();
  };
}
