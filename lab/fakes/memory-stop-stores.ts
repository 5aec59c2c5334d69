import { newNoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import { stopSubject } from "../../shared/domain/notices/subject.ts";
import {
  NO_STOPS,
  type StopCopy,
  type StopRecord,
  type Stops,
  stopRecord,
} from "../../shared/domain/stops/stops.ts";
import { isStopRecord, latestStops } from "../../shared/domain/stops/stored-stops.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import { MOST_STOPS, type StopCopyStore, type StopStore } from "../../shared/ports/stop-store.ts";
import { type MemoryTables, memoryTables } from "./memory-tables.ts";

/**
 * The chain of stops in memory.
 * @param records shared by all stores of one broker
 * @param tables where each record makes its notices due
 */
export function memoryStopStore(
  records: StopRecord[] = [],
  { notices }: Pick<MemoryTables, "notices"> = memoryTables(),
): StopStore {
  const latest = (): Stops => {
    const stored = records.map((record, at) => ({ seq: placeOf(record) ?? at + 1, record }));
    return latestStops(stored.toReversed(), true) ?? NO_STOPS;
  };
  return {
    latest: async () => latest(),
    since: async (seq) =>
      records.filter((record, at) => (placeOf(record) ?? at + 1) > seq).slice(0, MOST_STOPS),
    async append(next) {
      const stops = latest();
      const record = stopRecord(stops, next(stops));
      records.push(record);
      const subject = stopSubject(record.seq);
      notices.set(subject, { record: newNoticeRecord(subject, 1), dueAt: record.at });
      return record;
    },
  };
}

/** An item of others in the chain has no number of its own. */
const placeOf = (record: StopRecord): number | undefined =>
  isStopRecord(record) ? record.seq : undefined;

export function memoryStopCopyStore(): StopCopyStore {
  let kept: StopCopy = NO_STOPS;
  return {
    load: async () => kept,
    async keep(copy, before) {
      if (canonicalJson(kept) !== canonicalJson(before)) return false;
      kept = copy;
      return true;
    },
  };
}
