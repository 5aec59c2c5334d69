import {
  NO_STOPS,
  type StopRecord,
  type Stops,
  stopRecord,
  stopsAfter,
} from "../../shared/domain/stops/stops.ts";
import type { StopCopyStore, StopStore } from "../../shared/ports/stop-store.ts";

/** The chain of stops in memory. @param records shared by all stores of one broker */
export function memoryStopStore(records: StopRecord[] = []): StopStore {
  const latest = (): Stops => {
    const last = records.at(-1);
    return last ? stopsAfter(last) : NO_STOPS;
  };
  return {
    latest: async () => latest(),
    since: async (seq) => records.filter((record) => record.seq > seq),
    async append(next) {
      const stops = latest();
      const record = stopRecord(stops, next(stops));
      records.push(record);
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
