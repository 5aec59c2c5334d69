/** An audit table, an archive and a key in memory, and what an auditor finds in the archive. */

import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import {
  type MemoryArchiveStore,
  memoryArchiveStore,
} from "../../../../lab/fakes/memory-archive-store.ts";
import { memoryAuditRecords } from "../../../../lab/fakes/memory-audit-records.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memorySigner } from "../../../../lab/fakes/memory-signer.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import type { ArchivedRecord } from "../../../../shared/domain/evidence/archive/archived-record.ts";
import { dayOf, type SealedDay } from "../../../../shared/domain/evidence/archive/seal.ts";
import { sealRecordVerifier } from "../../../../shared/domain/evidence/archive/seal-records.ts";
import { verifySeals } from "../../../../shared/domain/evidence/archive/seal-verify.ts";
import { CHAIN_START, linked } from "../../../../shared/domain/values/hash-chain.ts";
import { archive } from "../../../../shared/usecases/evidence/archive.ts";
import { publishSeals } from "../../../../shared/usecases/evidence/publish-seals.ts";
import { aSigner } from "../../domain/evidence/archive/sealed-history.ts";

/** Records of one chain, dated as given. @param more members of each record */
export function aChain(
  chain: string,
  times: readonly string[],
  more: Readonly<Record<string, string>> = {},
): readonly ArchivedRecord[] {
  const records: ArchivedRecord[] = [];
  for (const [index, at] of times.entries()) {
    const previousHash = records.at(-1)?.record.hash ?? CHAIN_START;
    const body = {
      ...more,
      type: "x",
      seq: index + 1,
      at,
      previousHash,
      policyHash: "b".repeat(64),
    };
    records.push({ chain, record: linked(body) });
  }
  return records;
}

/** @param since when the audit table was made */
export function archiveWorld(now: string, since = "2026-11-23T09:00:00.000Z") {
  const key = aSigner();
  const signer = {
    ...memorySigner(),
    key: async () => key,
    sign: async (text: string) => key.sign(text),
  };
  const records = memoryAuditRecords([], since);
  const store = memoryArchiveStore();
  const clock = fixedClock(now);
  const bus = memoryEventBus();
  const standing = memoryStandingStore();
  const ports = { records, standing, store, signer, clock, bus };
  return {
    ...ports,
    ports,
    key,
    run: (isTimeUp = () => false) => archive(ports, isTimeUp),
    publish: () => publishSeals(ports),
  };
}

export type ArchiveWorld = ReturnType<typeof archiveWorld>;

export const sealsIn = ({ objects }: MemoryArchiveStore): readonly SealedDay[] =>
  [...objects]
    .filter(([name]) => name.startsWith("seals/"))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, lines]) => JSON.parse(lines[0] ?? "") as SealedDay);

export const recordsIn = ({ objects }: MemoryArchiveStore): readonly ArchivedRecord[] =>
  [...objects]
    .filter(([name]) => name.startsWith("records/"))
    .flatMap(([, lines]) => lines.map((line) => JSON.parse(line) as ArchivedRecord));

/** Every fault that the archive has by itself, and records of the table that it does not have. */
export function faultsIn({ store, key }: ArchiveWorld): readonly string[] {
  const seals = sealsIn(store);
  const { faults, tips } = verifySeals(seals, key);
  const last = seals.at(-1);
  if (!last) return faults.map(({ detail }) => detail);
  const days = { until: last.seal.day };
  const verifier = sealRecordVerifier(tips, days);
  const found = recordsIn(store).map(({ chain, record: { seq, hash, at } }) =>
    verifier.add({ chain, seq, hash, at }),
  );
  const details = [...faults, ...found, ...verifier.end()].flatMap((fault) => fault?.detail ?? []);
  return details.filter((_, index) => index < 5);
}

/** Identities of records, sorted. */
export const named = (records: readonly ArchivedRecord[]): readonly string[] =>
  records.map(({ chain, record }) => `${chain} ${record.seq} ${dayOf(record.at)}`).sort();
