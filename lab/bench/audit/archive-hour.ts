import { archive } from "../../../shared/usecases/evidence/archive.ts";
import { fixedClock } from "../../fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../fakes/memory-archive-store.ts";
import { memoryAuditRecords } from "../../fakes/memory-audit-records.ts";
import { memoryEventBus } from "../../fakes/memory-event-bus.ts";
import { memorySigner } from "../../fakes/memory-signer.ts";
import { memoryStandingStore } from "../../fakes/memory-standing-store.ts";
import { cpuMillis } from "./live-memory.ts";
import { histories } from "./long-history.ts";

const EACH = 10;

/**
 * Milliseconds of processor time for each record, in an hour with this number of records. @throws
 * Error where a record is lost
 */
export async function archiveHourWith(records: number): Promise<number> {
  const table = [...histories(records / EACH, EACH)].map((record) => ({
    chain: `AUDIT#${record.requestId}`,
    record,
  }));
  const ports = {
    records: memoryAuditRecords(table),
    standing: memoryStandingStore(),
    store: memoryArchiveStore(),
    signer: memorySigner(),
    bus: memoryEventBus(),
    clock: fixedClock("2026-11-24T11:10:00.000Z"),
  };
  const began = cpuMillis();
  const report = await archive(ports, () => false);
  if (report.records !== records || report.contradictions.length > 0)
    throw new Error(`Of ${records} records, ${report.records} were archived.`);
  return (cpuMillis() - began) / records;
}
