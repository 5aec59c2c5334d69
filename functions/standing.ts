/**
 * Reads the access entries of clusters, and stores what no grant explains. It can change nothing but
 * what it stored itself.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, ScheduledEvent } from "aws-lambda";
import { standingPorts } from "../shared/aws/standing-composition.ts";
import { standingConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { readStanding } from "../shared/usecases/clusters/read-standing.ts";

const logger = new Logger({ serviceName: "standing", jsonReplacerFn: visibleValue });

/** One entry takes some calls of two seconds at most. */
const LEAST_MS = 20_000;

let millisLeft = () => 0;
const ports = standingPorts(standingConfig(), () => millisLeft());

const log = (message: string, facts: object) => logger.warn(message, { ...facts });

/** Logs what it did. The next run continues where this one stopped. */
export const handler = async (_event: ScheduledEvent, context: Context) => {
  logger.addContext(context);
  millisLeft = () => context.getRemainingTimeInMillis();
  const report = await readStanding(ports, { log, isTimeUp: () => millisLeft() < LEAST_MS });
  logger.info("standing access read", { ...report });
};
