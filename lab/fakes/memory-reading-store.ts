import { nextReading, type ReadingRecord } from "../../shared/domain/standing/reading-record.ts";
import type { ReadingStore } from "../../shared/ports/reading-store.ts";

/** Keeps readings in memory. @param records filled with each, the oldest first */
export function memoryReadingStore(records: ReadingRecord[] = []): ReadingStore {
  return {
    keep: async (clusterArn, details) => {
      const last = records.findLast(({ chain }) => chain === clusterArn);
      if (last?.details.passId === details.passId) return last.details;
      records.push(nextReading(last, clusterArn, details));
      return details;
    },
  };
}
