/** Readings of standing access, on record as the use case puts them, and the store that has what they found. */
import { PROD } from "../../../../lab/fakes/builders.ts";
import { memoryReadingStore } from "../../../../lab/fakes/memory-reading-store.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import type { ArchivedRecord } from "../../../../shared/domain/evidence/archive/archived-record.ts";
import type { ClusterSetup } from "../../../../shared/domain/standing/cluster-setup.ts";
import type { ReadingRecord } from "../../../../shared/domain/standing/reading-record.ts";
import type { StandingEntry } from "../../../../shared/domain/standing/standing-entry.ts";
import {
  beginPass,
  completePass,
  noRecord,
} from "../../../../shared/domain/standing/standing-record.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { StandingStore } from "../../../../shared/ports/standing-store.ts";
import { keepReading } from "../../../../shared/usecases/clusters/keep-reading.ts";
import { EDIT, standing } from "../../domain/standing/samples.ts";

/** A reading that begins at an instant, and is complete ten seconds later. */
export interface Found {
  readonly startedAt: string;
  /** Roles that stand: their names. */
  readonly roles: readonly string[];
}

const SETUP: ClusterSetup = {
  createdAt: "2026-11-01T00:00:00.000Z",
  authenticationMode: "API",
  version: "1.34",
  auditLog: true,
};

/** The entry of a role that stands with Edit in one namespace, read a second after the reading began. */
export const entryOf = (name: string, startedAt: string): StandingEntry => {
  const principalArn = `arn:aws:iam::111122223333:role/${name}`;
  const made = standing({ targets: { [EDIT]: ["ns/ci"] } }, [], principalArn);
  if (!made) throw new Error("It does not stand.");
  return { ...made, readAt: plusSeconds(startedAt, 1) };
};

/** Readings of prod, the oldest first. @param setup the cluster as EKS described it each time */
export async function keptReadings(
  found: readonly Found[],
  setup: ClusterSetup | null = SETUP,
): Promise<{ readonly standing: StandingStore; readonly records: readonly ArchivedRecord[] }> {
  const kept: ReadingRecord[] = [];
  const ports = { store: memoryStandingStore(), readings: memoryReadingStore(kept) };
  let record = noRecord(PROD.arn, found[0]?.startedAt ?? "");
  for (const [at, { startedAt, roles }] of found.entries()) {
    record = { ...record, setup: { cluster: setup, readAt: startedAt } };
    const { reading, ...begun } = beginPass(record, `pass-${at}`, startedAt);
    if (!reading) throw new Error("No pass began.");
    for (const name of roles)
      await ports.store.put(PROD.arn, reading.passId, entryOf(name, startedAt));
    const pass = { ...reading, read: roles.length };
    const whole = completePass({ ...begun, reading }, pass, plusSeconds(startedAt, 10));
    record = await keepReading(ports, whole);
  }
  await ports.store.save(record);
  const records = kept.map((one) => ({ chain: `STANDING#${one.chain}`, record: one }));
  return { standing: ports.store, records };
}
