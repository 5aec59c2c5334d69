import { expect, it } from "vitest";
import { collected } from "../../lab/fakes/collected.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { linked } from "../../shared/domain/values/hash-chain.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";

export interface RecordsUnderTest {
  readonly records: AuditRecords;
  readonly store: (one: ArchivedRecord) => Promise<unknown>;
}

/** An event names its request, as its chain does. */
const idIn = (chain: string) => (chain.startsWith("AUDIT#") ? { requestId: chain.slice(6) } : {});

/** The promises of every AuditRecords. */
export function auditRecordsContract(name: string, make: () => Promise<RecordsUnderTest>) {
  const one = (chain: string, seq: number, at: string): ArchivedRecord => ({
    chain,
    record: linked({ ...idIn(chain), type: "x", seq, at, previousHash: "0".repeat(64) }),
  });
  const IN_HOUR = [
    one("AUDIT#r1", 1, "2026-11-24T10:00:00.000Z"),
    one("EVID#r1", 1, "2026-11-24T10:30:00.000Z"),
    one("FIND#arn:aws:eks:x#2026-11", 12, "2026-11-24T10:59:59.999Z"),
  ];
  const OTHERS = [
    one("AUDIT#r1", 2, "2026-11-24T11:00:00.000Z"),
    one("EVID#r1", 2, "2026-11-24T09:59:59.999Z"),
  ];
  const filled = async () => {
    const { records, store } = await make();
    for (const each of [...IN_HOUR, ...OTHERS]) await store(each);
    return records;
  };

  it(`${name} gives every kind of record that is dated in an hour, and no other`, async () => {
    const records = await filled();
    const found = await collected(records.ofHour("2026-11-24T10"));
    expect(found.toSorted((a, b) => (a.chain < b.chain ? -1 : 1))).toEqual(IN_HOUR);
    expect(await collected(records.ofHour("2026-11-24T12"))).toEqual([]);
  });

  it(`${name} says when its table was made, each time the same`, async () => {
    const records = await filled();
    const since = await records.since();
    expect(new Date(since).toISOString()).toBe(since);
    expect(await records.since()).toBe(since);
  });

  it(`${name} finds one record of any chain by its number`, async () => {
    const records = await filled();
    for (const each of [...IN_HOUR, ...OTHERS])
      expect(await records.find(each.chain, each.record.seq)).toEqual(each);
    expect(await records.find("AUDIT#r1", 3)).toBeUndefined();
    expect(await records.find("EVID#r2", 1)).toBeUndefined();
  });
}
