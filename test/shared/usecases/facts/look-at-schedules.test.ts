import { describe, expect, it } from "vitest";
import type { OnCallSchedule } from "../../../../shared/domain/facts/on-call-schedule.ts";
import type {
  ScheduleLook,
  ScheduleReading,
} from "../../../../shared/domain/facts/schedule-reading.ts";
import { lookAtSchedules } from "../../../../shared/usecases/facts/look-at-schedules.ts";

const NOW = "2026-05-01T17:30:00.000Z";
const SCHEDULES: Readonly<Record<string, OnCallSchedule>> = {
  primary: { service: "pagerduty", schedule: "P1", region: "us" },
  same: { service: "pagerduty", schedule: "P1", region: "us" },
  night: { service: "incidentIo", schedule: "01G0" },
};
const [P1, G0] = ["pagerduty/us/P1", "incidentIo/01G0"];
const onCall: ScheduleLook = { shifts: [{ person: "PALICE", until: "2026-05-01T18:00:00.000Z" }] };

function world(readings: readonly ScheduleReading[] = [], look: ScheduleLook = onCall) {
  const stored = new Map(readings.map((each) => [each.schedule, each]));
  const asked: string[] = [];
  const ports = {
    policy: { schedules: SCHEDULES },
    settings: { lookPauseSeconds: 20 },
    clock: { now: () => NOW },
    facts: {
      schedules: async (keys: readonly string[]) =>
        new Map([...stored].filter(([key]) => keys.includes(key))),
      async putSchedule(reading: ScheduleReading) {
        stored.set(reading.schedule, reading);
      },
    },
    source: {
      async look(of: OnCallSchedule) {
        asked.push(of.schedule);
        return look;
      },
    },
  };
  const logged: object[] = [];
  const log = (_: string, facts: object) => logged.push(facts);
  const run = (keys?: readonly string[], isTimeUp = () => false) =>
    lookAtSchedules(ports, { ...(keys ? { keys } : {}), isTimeUp, log });
  return { run, asked, stored, logged };
}

const looked = (schedule: string, lookedAt: string): ScheduleReading => ({
  schedule,
  lookedAt,
  answer: { readAt: lookedAt, shifts: [] },
});

describe("looking at schedules", () => {
  it("Every schedule of the policy is looked at once, whatever names it has", async () => {
    const { run, asked, stored } = world();
    expect(await run()).toEqual({ looked: 2, unknown: 0, left: 0 });
    expect(asked.toSorted()).toEqual(["01G0", "P1"]);
    expect(stored.get(P1)).toEqual({
      schedule: P1,
      lookedAt: NOW,
      answer: { readAt: NOW, ...onCall },
    });
  });

  it("A message names schedules by their keys, and one that the policy does not name is nobody's", async () => {
    const { run, asked } = world();
    expect(await run([G0, "pagerduty/us/PEVIL"])).toMatchObject({ looked: 1 });
    expect(asked).toEqual(["01G0"]);
  });

  it("A schedule is looked at again after 20 seconds, and not before, whoever asks", async () => {
    const { run, asked } = world([
      looked(P1, "2026-05-01T17:29:40.001Z"),
      looked(G0, "2026-05-01T17:29:40.000Z"),
    ]);
    expect(await run([P1, G0])).toMatchObject({ looked: 1 });
    expect(asked).toEqual(["01G0"]);
  });

  it("A look of the future is no look", async () => {
    const { run } = world([looked(P1, "2026-05-01T18:00:00.000Z")]);
    expect(await run([P1])).toMatchObject({ looked: 1 });
  });

  it("A service that does not tell is stored and logged, and the last answer grows old", async () => {
    const before = looked(P1, "2026-05-01T17:29:00.000Z");
    const { run, stored, logged } = world([before], { unknown: "busy" });
    expect(await run([P1])).toEqual({ looked: 1, unknown: 0, left: 0 });
    expect(stored.get(P1)).toEqual({
      ...before,
      lookedAt: NOW,
      failing: { since: NOW, why: "busy" },
    });
    expect(logged).toEqual([{ schedule: P1, why: "busy" }]);
  });

  it("A schedule is unknown once its last answer is five minutes old, and at once where it is gone", async () => {
    const old = looked(P1, "2026-05-01T17:25:00.000Z");
    expect(await world([old], { unknown: "busy" }).run([P1])).toMatchObject({ unknown: 1 });
    const young = looked(P1, "2026-05-01T17:29:00.000Z");
    expect(await world([young], { unknown: "gone" }).run([P1])).toMatchObject({ unknown: 1 });
  });

  it("A run without time leaves the rest, and begins with what was looked at longest ago", async () => {
    const { run, asked } = world([
      looked(P1, "2026-05-01T17:29:00.000Z"),
      looked(G0, "2026-05-01T17:28:00.000Z"),
    ]);
    expect(await run(undefined, () => asked.length > 0)).toEqual({
      looked: 1,
      unknown: 0,
      left: 1,
    });
    expect(asked).toEqual(["01G0"]);
  });
});
