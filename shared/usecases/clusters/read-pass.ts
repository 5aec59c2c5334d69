import { bindingKey } from "../../domain/entries/binding.ts";
import { standingOf } from "../../domain/standing/standing-entry.ts";
import {
  afterEntry,
  afterPage,
  beginPass,
  completePass,
  type ReadingPass,
} from "../../domain/standing/standing-record.ts";
import { clusterOf } from "../../domain/values/arn.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import type { StandingPorts } from "../../ports/function-ports.ts";
import type { PrincipalPage } from "../../ports/standing-reader.ts";
import { keepReading } from "./keep-reading.ts";
import { provenGrants } from "./proven-grants.ts";
import type { Progress, StandingReport, StandingRun } from "./standing-run.ts";

/** The pause before it asks again whether converge has work, in milliseconds. */
const BUSY_MILLIS = 2_000;

/**
 * Reads on in the pass that is under way, until it is complete or the run is over. Stores how far it got, also if a
 * call fails.
 *
 * @returns whether it read the last entry
 * @throws CallFailed
 */
export async function readPass(
  ports: StandingPorts,
  progress: Progress,
  run: StandingRun,
  report: StandingReport,
): Promise<boolean> {
  try {
    while (progress.record.reading && !run.isTimeUp()) {
      const page = await nextPrincipals(ports, progress);
      if (!(await readEntries(ports, progress, run, report, page.principalArns))) return false;
      await finishPage(ports, progress, page);
      await ports.store.save(progress.record);
    }
    return progress.record.reading === null;
  } finally {
    await ports.store.save(progress.record);
  }
}

/** Once EKS no longer takes the token of the list, the next run begins the pass again. */
async function nextPrincipals(
  { reader, ids, clock }: StandingPorts,
  progress: Progress,
): Promise<PrincipalPage> {
  const { record } = progress;
  const token = record.reading?.token ?? null;
  try {
    return await reader.principals(clusterOf(record.clusterArn), token);
  } catch (error) {
    const isOldToken =
      error instanceof CallFailed && error.code === "InvalidParameterException" && token !== null;
    if (isOldToken) progress.record = beginPass(record, ids.newId(), clock.now());
    throw error;
  }
}

async function finishPage(
  ports: StandingPorts,
  progress: Progress,
  { next }: PrincipalPage,
): Promise<void> {
  const { record } = progress;
  if (!record.reading) return;
  progress.record =
    next === null
      ? await keepReading(ports, completePass(record, record.reading, ports.clock.now()))
      : afterPage(record, record.reading, next);
}

/** @returns whether the whole page was read */
async function readEntries(
  ports: StandingPorts,
  progress: Progress,
  run: StandingRun,
  report: StandingReport,
  principalArns: readonly string[],
): Promise<boolean> {
  for (const principalArn of principalArns) {
    const { reading } = progress.record;
    if (!reading) return true;
    if (reading.done.includes(principalArn)) continue;
    if (!(await isFree(ports, run, report))) return false;
    const found = await readEntry(ports, progress.record.clusterArn, reading, principalArn);
    progress.record = {
      ...progress.record,
      reading: afterEntry(reading, principalArn, found),
    };
    report.read += 1;
    await ports.pause.for(ports.settings.standingPauseMillis);
  }
  return true;
}

/**
 * Waits until converge has no work. Its calls to EKS and the calls made here share one limit. Where
 * the queue does not answer, nobody knows, so it waits.
 *
 * @returns false when the run's time is up
 */
async function isFree(
  { queue, pause }: StandingPorts,
  run: StandingRun,
  report: StandingReport,
): Promise<boolean> {
  while (!run.isTimeUp()) {
    const backlog = await queue.backlog().catch(() => Number.POSITIVE_INFINITY);
    if (backlog === 0) return true;
    report.waits += 1;
    await pause.for(BUSY_MILLIS);
  }
  return false;
}

/** Reads the grants after the entry: a grant's access is only ever added after it is stored, and so is what proves it. */
async function readEntry(
  ports: StandingPorts,
  clusterArn: string,
  { passId }: ReadingPass,
  principalArn: string,
): Promise<"standing" | "explained" | "gone"> {
  const { reader, store, bindings, clock, policy } = ports;
  const address = { cluster: clusterOf(clusterArn), principalArn };
  const entry = await reader.entry(address);
  if (!entry) return "gone";
  const readAt = clock.now();
  const { grants: records } = await bindings.view(bindingKey(clusterArn, principalArn));
  const grants = await provenGrants(ports, { clusterArn, principalArn }, records, readAt);
  const proven = new Set(grants.map(({ id }) => id));
  const claimedBy = records.map(({ id }) => id).filter((id) => !proven.has(id));
  const principal = await reader.principal(address, entry.createdAt);
  const deployment = deploymentOf(policy);
  const read = { principalArn, clusterArn, entry, principal, deployment, readAt };
  const standing = standingOf({ ...read, grants, claimedBy });
  if (!standing) return "explained";
  await store.put(clusterArn, passId, standing);
  return "standing";
}
