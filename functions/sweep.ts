/** Runs every minute: sends what is due to converge, lapses requests, and counts overdue reviews. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, ScheduledEvent } from "aws-lambda";
import { sweepPorts } from "../shared/aws/composition-root.ts";
import { frontConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { countLateStanding } from "../shared/usecases/clusters/late-standing.ts";
import { sweep } from "../shared/usecases/converge/sweep.ts";
import type { SweepMemory } from "../shared/usecases/converge/sweep-memory.ts";
import { sweepTickets } from "../shared/usecases/facts/sweep-tickets.ts";
import { countUnknownSchedules } from "../shared/usecases/facts/unknown-schedules.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";
import { countOverdueReviews } from "../shared/usecases/requests/overdue-reviews.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";

const logger = new Logger({ serviceName: "sweep", jsonReplacerFn: visibleValue });
const reportTroubles = troubleMetrics("sweep");
const ports = sweepPorts(frontConfig());
const memory: SweepMemory = {};

/** Returns and logs what it did. Items that failed stay due. Reviews come last: an end comes before everything. */
export const handler = wakingNotify(ports, async (_event: ScheduledEvent, context: Context) => {
  logger.addContext(context);
  const report = await sweep(ports, memory);
  logger.info("swept", { ...report });
  reportTroubles({ OverdueReviews: await countOverdueReviews(ports) });
  reportTroubles({ StandingLate: await countLateStanding(ports) });
  reportTroubles({ OnCallUnknown: await countUnknownSchedules(ports) });
  const tickets = await sweepTickets(ports);
  if (!tickets) return report;
  if (Object.values(tickets).some((count) => count > 0))
    logger.info("swept tickets", { ...tickets });
  reportTroubles({ TicketsUnknown: tickets.unknown });
  return report;
});
