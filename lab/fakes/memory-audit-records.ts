import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import type { AuditRecords } from "../../shared/ports/audit-records.ts";

export interface MemoryAuditRecords extends AuditRecords {
  /** The table's records. Tests add to it, and play an attacker. */
  readonly table: ArchivedRecord[];
  ofHour: AuditRecords["ofHour"];
}

/**
 * The records of an audit table in memory.
 * @param since when the table was made
 */
export function memoryAuditRecords(
  records: readonly ArchivedRecord[] = [],
  since = "2026-11-23T00:00:00.000Z",
): MemoryAuditRecords {
  const table = [...records];
  return {
    table,
    since: async () => since,
    async *ofHour(hour) {
      yield* table.filter(({ record }) => record.at.startsWith(hour)).sort(byTime);
    },
    find: async (chain, seq) => table.find((one) => one.chain === chain && one.record.seq === seq),
  };
}

const byTime = (a: ArchivedRecord, b: ArchivedRecord) => (a.record.at < b.record.at ? -1 : 1);
