import {
  afterFailure,
  ageOf,
  beginPass,
  completePass,
  isDue,
  noRecord,
  type StandingRecord,
  withSetup,
} from "../../domain/standing/standing-record.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { StandingPorts } from "../../ports/function-ports.ts";
import { factsOf } from "../converge/converge-run.ts";
import { keepReading } from "./keep-reading.ts";
import { readPass } from "./read-pass.ts";
import {
  emptyReport,
  type Progress,
  type StandingReport,
  type StandingRun,
} from "./standing-run.ts";

/**
 * Reads the access entries of clusters, one cluster after the other, and stores the access that no grant explains.
 * A run stops when its time is up or when AWS throttles it, and the next one goes on where it stopped.
 */
export async function readStanding(
  ports: StandingPorts,
  run: StandingRun,
): Promise<StandingReport> {
  const report = emptyReport();
  for (const record of await dueRecords(ports)) {
    if (run.isTimeUp()) break;
    const failure = await readCluster(ports, record, run, report);
    if (failure?.failure === "throttled") break;
  }
  return report;
}

/** The cluster that was read longest ago comes first. */
async function dueRecords(ports: StandingPorts): Promise<readonly StandingRecord[]> {
  const now = ports.clock.now();
  return (await records(ports))
    .filter((record) => isDue(record, ports.settings.standingEverySeconds, now))
    .toSorted((a, b) => ageOf(b, now) - ageOf(a, now));
}

async function records({ policy, store, clock }: StandingPorts) {
  const found: StandingRecord[] = [];
  for (const cluster of Object.values(policy.clusters)) {
    if (cluster.retired) continue;
    const stored = await store.load(cluster.arn);
    const record = stored ?? noRecord(cluster.arn, clock.now());
    // From now on the list becomes late if it is never read.
    if (!stored) await store.save(record);
    found.push(record);
  }
  return found;
}

/** @returns the failure that stopped it, if one did */
async function readCluster(
  ports: StandingPorts,
  record: StandingRecord,
  run: StandingRun,
  report: StandingReport,
): Promise<CallFailed | undefined> {
  const progress = { record };
  try {
    await readSetup(ports, progress);
    if (await readPass(ports, progress, run, report)) report.completed += 1;
    return undefined;
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("standing access not read", { cluster: record.clusterArn, ...factsOf(error) });
    report.failed += 1;
    await ports.store.save(afterFailure(progress.record, error.code, ports.clock.now()));
    return error;
  }
}

/** Begins a pass where none is under way. A cluster that takes no entries has nothing to read. */
async function readSetup(ports: StandingPorts, progress: Progress): Promise<void> {
  const { reader, clock, ids, store } = ports;
  const now = clock.now();
  const cluster = (await reader.setup(clusterOf(progress.record.clusterArn))) ?? null;
  const described = withSetup(progress.record, { cluster, readAt: now });
  const begun = described.reading ? described : beginPass(described, ids.newId(), now);
  const hasEntries = cluster !== null && cluster.authenticationMode !== "CONFIG_MAP";
  progress.record =
    hasEntries || !begun.reading
      ? begun
      : await keepReading(ports, completePass(begun, begun.reading, clock.now()));
  await store.save(progress.record);
}
