import {
  futureFrom,
  readingIn,
  type ScheduleReading,
} from "../../shared/domain/facts/schedule-reading.ts";
import type { FactStore } from "../../shared/ports/fact-store.ts";

/** @param readings by their keys: a test may change them */
export function memoryFactStore(readings = new Map<string, ScheduleReading>()): FactStore {
  return {
    schedules: async (keys) => {
      if (keys.length > 100) throw new Error("One read asks for 100 readings at most.");
      return new Map(
        keys.flatMap((key) => {
          const found = readingIn(key, readings.get(key));
          return found ? [[key, found] as const] : [];
        }),
      );
    },
    putSchedule: async (reading) => {
      const stored = readings.get(reading.schedule);
      const { lookedAt } = reading;
      const isLater = stored && stored.lookedAt > lookedAt;
      if (isLater && stored.lookedAt <= futureFrom(lookedAt)) return;
      readings.set(reading.schedule, reading);
    },
  };
}
