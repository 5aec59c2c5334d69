/**
 * Asks other services who is on call and what a ticket says, and stores it. It reads and writes no request, and
 * no right on anything but the table of facts, the queues and its tokens is its own.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, ScheduledEvent, SQSEvent } from "aws-lambda";
import { outsidePorts } from "../shared/aws/outside-composition.ts";
import { outsideConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { lookAtSchedules } from "../shared/usecases/facts/look-at-schedules.ts";
import { lookAtTickets } from "../shared/usecases/facts/look-at-tickets.ts";
import { keysIn } from "./operations/fact-keys.ts";

const logger = new Logger({ serviceName: "outside", jsonReplacerFn: visibleValue });
const ports = outsidePorts(outsideConfig());

/** One look takes four calls of five seconds at most, and its result must be stored. */
const LEAST_MS = 22_000;

const log = (message: string, facts: object) => logger.warn(message, { ...facts });

/** The clock has it look at every schedule, and a message at some, or at tickets. The next run continues where this one stopped. */
export const handler = async (
  event: ScheduledEvent | SQSEvent,
  context: Context,
): Promise<void> => {
  logger.addContext(context);
  const isTimeUp = () => context.getRemainingTimeInMillis() < LEAST_MS;
  const tickets = "Records" in event ? keysIn(event, "tickets") : [];
  if (tickets.length > 0)
    logger.info("looked at tickets", {
      ...(await lookAtTickets(ports, { keys: tickets, isTimeUp, log })),
    });
  const keys = "Records" in event ? keysIn(event, "schedules") : undefined;
  if (keys?.length === 0) return;
  const report = await lookAtSchedules(ports, { ...(keys ? { keys } : {}), isTimeUp, log });
  logger.info("looked at schedules", { ...report });
};
