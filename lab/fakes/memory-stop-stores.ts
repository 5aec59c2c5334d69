import { newNoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import { stopSubject } from "../../shared/domain/notices/subject.ts";
import {
  NO_STOPS,
  type StopRecord,
  type Stops,
  stopRecord,
  stopsAfter,
} from "../../shared/domain/stops/stops.ts";
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
    const last = records.at(-1);
    return last ? stopsAfter(last) : NO_STOPS;
  };
  return {
    latest: async () => latest(),
    since: async (seq) => records.filter((record) => record.seq > seq).slice(0, MOST_STOPS),
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

export function memoryStopCopyStore(): StopCopyStore {
  let kept = NO_STOPS;
  return {
    load: async () => kept,
    async keep(stops) {
      if (stops.seq > kept.seq) kept = stops;
    },
  };
}
