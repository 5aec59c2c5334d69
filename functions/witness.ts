/** Runs every hour in an auditor's account: cosigns what extends the archive that it knows. */
import { Logger } from "@aws-lambda-powertools/logger";
import type { Context, ScheduledEvent } from "aws-lambda";
import { witnessPorts } from "../shared/aws/witness-composition.ts";
import { witnessConfig } from "../shared/config.ts";
import { readSealKey } from "../shared/domain/evidence/archive/read-seal.ts";
import { visibleValue } from "../shared/domain/values/visible-text.ts";
import { isBehind, witnessArchive } from "../shared/usecases/evidence/witness-archive.ts";
import { troubleMetrics } from "./metrics/trouble-metrics.ts";

const logger = new Logger({ serviceName: "witness", jsonReplacerFn: visibleValue });
const report = troubleMetrics("witness");
const config = witnessConfig();
const ports = witnessPorts(config);

/** Logs what it did. A run that failed, or found the archive behind, reports nothing, and the alarm on silence fires. */
export const handler = async (_event: ScheduledEvent, context: Context) => {
  logger.addContext(context);
  const sealKey = readSealKey(config.sealPublicKey);
  if (!sealKey) throw new Error("SEAL_PUBLIC_KEY is no public key on the curve P-256, as PEM.");
  const found = await witnessArchive(ports, { sealKey, name: config.witnessName });
  if (found.state === "refused") {
    logger.error("not cosigned", { why: found.why });
    report({ WitnessRefused: 1 });
    return;
  }
  const behind = isBehind(found, ports.clock.now());
  logger.info("witnessed", { ...found, behind });
  if (!behind) report({ Witnessed: 1 });
};
