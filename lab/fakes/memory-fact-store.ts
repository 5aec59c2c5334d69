import {
  futureFrom,
  readingIn,
  type ScheduleReading,
} from "../../shared/domain/facts/schedule-reading.ts";
import { type TicketReading, ticketReadingIn } from "../../shared/domain/facts/ticket-reading.ts";
import type { FactStore } from "../../shared/ports/fact-store.ts";

/** @param readings of schedules and tickets by their keys: a test may change them */
export function memoryFactStore(
  readings = new Map<string, ScheduleReading>(),
  tickets = new Map<string, TicketReading>(),
): FactStore {
  return {
    schedules: async (keys) => named(keys, (key) => readingIn(key, readings.get(key))),
    putSchedule: async (reading) => put(readings, reading.schedule, reading),
    tickets: async (keys) => named(keys, (key) => ticketReadingIn(key, tickets.get(key))),
    putTicket: async (reading) => put(tickets, reading.ticket, reading),
  };
}

function named<Reading>(
  keys: readonly string[],
  formed: (key: string) => Reading | undefined,
): ReadonlyMap<string, Reading> {
  if (keys.length > 100) throw new Error("One read asks for 100 readings at most.");
  return new Map(
    keys.flatMap((key) => {
      const found = formed(key);
      return found ? [[key, found] as const] : [];
    }),
  );
}

function put<Reading extends { readonly lookedAt: string }>(
  readings: Map<string, Reading>,
  key: string,
  reading: Reading,
): void {
  const stored = readings.get(key);
  const { lookedAt } = reading;
  const isLater = stored && stored.lookedAt > lookedAt;
  if (isLater && stored.lookedAt <= futureFrom(lookedAt)) return;
  readings.set(key, reading);
}
