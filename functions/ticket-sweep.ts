/**
 * Settles requests by tickets that outside has just read. It does a part of the sweep's work under the sweep's role, so
 * that what is lost here the next sweep does.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context } from "aws-lambda";
import { sweepPorts } from "../shared/aws/composition-root.ts";
import { frontConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { sweepTickets } from "../shared/usecases/facts/sweep-tickets.ts";
import { wakingNotify } from "../shared/usecases/notices/waking-notify.ts";
import { keysOf } from "./operations/fact-keys.ts";

const logger = new Logger({ serviceName: "ticket-sweep", jsonReplacerFn: visibleValue });
const ports = sweepPorts(frontConfig());

/** @param event `{"tickets": [...]}`, by their keys; anything else settles nothing */
export const handler = wakingNotify(ports, async (event: unknown, context: Context) => {
  logger.addContext(context);
  const settled = await sweepTickets(ports, keysOf(event, "tickets"));
  logger.info("settled by tickets", { ...settled });
});
