/** Runs every hour: archives complete hours of the audit table, and seals complete days. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, ScheduledEvent } from "aws-lambda";
import { archivePorts } from "../shared/aws/archive-composition.ts";
import { archiveConfig } from "../shared/config.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { archive } from "../shared/usecases/evidence/archive.ts";
import { archivePolicy } from "../shared/usecases/evidence/archive-policy.ts";
import { publishSeals } from "../shared/usecases/evidence/publish-seals.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";

const logger = new Logger({ serviceName: "archive", jsonReplacerFn: visibleValue });
const reportTroubles = troubleMetrics("archive");
const ports = archivePorts(archiveConfig());

/** An hour of 100,000 records takes less. */
const LEAST_MS = 120_000;

/** Logs what it did. The next run continues where this one stopped. */
export const handler = async (_event: ScheduledEvent, context: Context) => {
  logger.addContext(context);
  const report = await archive(ports, () => context.getRemainingTimeInMillis() < LEAST_MS);
  for (const contradiction of report.contradictions)
    logger.error("a chain went back", { ...contradiction });
  for (const key of report.refused) logger.error("not written by archive", { key });
  for (const key of report.foreign) logger.error("no record in its place", { key });
  for (const reading of report.lost) logger.error("a reading without its content", { reading });
  logger.info("archived", {
    ...report,
    contradictions: report.contradictions.length,
    refused: report.refused.length,
    foreign: report.foreign.length,
    lost: report.lost.length,
  });
  // One alarm for all, since the same person looks at the same log.
  const { contradictions, refused, foreign, lost } = report;
  const wrong = [contradictions, refused, foreign, lost].flat().length;
  reportTroubles({ ChainWentBack: wrong });
  if (await archivePolicy(ports)) logger.info("policy kept", { hash: ports.policy.hash });
  logger.info("seals published", { days: await publishSeals(ports) });
};
