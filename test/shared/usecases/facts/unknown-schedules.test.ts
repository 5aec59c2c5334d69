import { describe, expect, it } from "vitest";
import type { ScheduleReading } from "../../../../shared/domain/facts/schedule-reading.ts";
import { countUnknownSchedules } from "../../../../shared/usecases/facts/unknown-schedules.ts";
import { SAMPLE } from "../../../infra/broker.ts";

const NOW = "2026-12-01T02:05:00.000Z";
const schedules = {
  primary: { service: "pagerduty", schedule: "P1", region: "us" },
  again: { service: "pagerduty", schedule: "P1", region: "us" },
  night: { service: "incidentIo", schedule: "01G0" },
} as const;
const reading = (schedule: string, readAt?: string): ScheduleReading => ({
  schedule,
  lookedAt: NOW,
  ...(readAt ? { answer: { readAt, shifts: [] } } : {}),
});
const count = (readings: readonly ScheduleReading[], named: typeof schedules | undefined) => {
  const { schedules: _, ...rest } = SAMPLE;
  return countUnknownSchedules({
    policy: named ? { ...rest, schedules: named } : rest,
    clock: { now: () => NOW },
    facts: {
      schedules: async (keys) => {
        if (!named) throw new Error("Nobody asks for facts where the policy names no schedule.");
        const found = readings.filter(({ schedule }) => keys.includes(schedule));
        return new Map(found.map((one) => [one.schedule, one]));
      },
    },
  });
};

describe("schedules of which nothing is known", () => {
  it("A schedule that nobody looked at, or without an answer, is unknown once", async () => {
    expect(await count([], schedules)).toBe(2);
    expect(await count([reading("pagerduty/us/P1")], schedules)).toBe(2);
  });

  it("An answer counts for five minutes, also one that nobody is on call", async () => {
    const fresh = reading("pagerduty/us/P1", "2026-12-01T02:00:00.001Z");
    const old = reading("incidentIo/01G0", "2026-12-01T02:00:00.000Z");
    expect(await count([fresh, old], schedules)).toBe(1);
  });

  it("A policy without schedules has none, and asks for no facts", async () => {
    expect(await count([], undefined)).toBe(0);
  });
});
