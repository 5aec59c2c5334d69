/** Runs every minute: sends what is due to converge, lapses requests, and counts overdue reviews. */
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context, ScheduledEvent } from "aws-lambda";
import { sweepPorts } from "../shared/aws/composition-root.ts";
import { frontConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { sweep } from "../shared/usecases/converge/sweep.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";
import { countOverdueReviews } from "../shared/usecases/requests/overdue-reviews.ts";

const logger = new Logger({ serviceName: "sweep", jsonReplacerFn: visibleValue });
const metrics = new Metrics({ serviceName: "sweep" });
const ports = sweepPorts(frontConfig());

/** Returns and logs what it did. Items that failed stay due. Reviews come last: an end comes before everything. */
export const handler = wakingNotify(ports, async (_event: ScheduledEvent, context: Context) => {
  logger.addContext(context);
  const report = await sweep(ports);
  logger.info("swept", { ...report });
  // Feeds the alarm of the same name.
  metrics.addMetric("OverdueReviews", MetricUnit.Count, await countOverdueReviews(ports));
  metrics.publishStoredMetrics();
  return report;
});
