import type { ArchivedRecord } from "../domain/evidence/archive/archived-record.ts";

/**
 * Reads the records of every chain in the audit table: events, evidence and findings.
 * `test/contracts/audit-records.contract.ts` says the same in code.
 */
export interface AuditRecords {
  /** When the table was made: no record is dated on an earlier day. ISO 8601 UTC. */
  since(): Promise<string>;

  /**
   * All records that are dated in one hour, chains mixed, a page in memory at a time. A record that
   * was stored a moment ago may be missing.
   *
   * @param hour such as `2026-11-24T10`, UTC
   * @param isForeign called with the key of each item of the hour that is no record in its place
   */
  ofHour(hour: string, isForeign?: (key: string) => void): AsyncIterable<ArchivedRecord>;

  /** One record, read consistently; undefined unless it exists. */
  find(chain: string, seq: number): Promise<ArchivedRecord | undefined>;
}
