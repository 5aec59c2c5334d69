/**
 * Asks other services who is on call, and stores what they say. It reads and writes no request, and no
 * right on anything but the table of facts, its queue and its tokens is its own.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, ScheduledEvent, SQSEvent } from "aws-lambda";
import { outsidePorts } from "../shared/aws/outside-composition.ts";
import { outsideConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { lookAtSchedules } from "../shared/usecases/facts/look-at-schedules.ts";

const logger = new Logger({ serviceName: "outside", jsonReplacerFn: visibleValue });
const ports = outsidePorts(outsideConfig());

/** One look takes four calls of five seconds at most, and its result must be stored. */
const LEAST_MS = 22_000;

const log = (message: string, facts: object) => logger.warn(message, { ...facts });

/** The clock has it look at every schedule, and a message at some. The next run continues where this one stopped. */
export const handler = async (
  event: ScheduledEvent | SQSEvent,
  context: Context,
): Promise<void> => {
  logger.addContext(context);
  const keys = "Records" in event ? event.Records.flatMap(({ body }) => keysIn(body)) : undefined;
  const isTimeUp = () => context.getRemainingTimeInMillis() < LEAST_MS;
  const report = await lookAtSchedules(ports, { ...(keys ? { keys } : {}), isTimeUp, log });
  logger.info("looked at schedules", { ...report });
};

/** The keys in a message. Anything else that it says is nobody's. */
function keysIn(body: string): readonly string[] {
  const { schedules } = (JSON.parse(body) ?? {}) as { readonly schedules?: unknown };
  return Array.isArray(schedules) ? schedules.filter((each) => typeof each === "string") : [];
}
