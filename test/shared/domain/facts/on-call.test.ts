/** Only a fresh and whole answer says that somebody is on call, and never past the end of the shift. */
import { describe, expect, it } from "vitest";
import { ITEM_BYTES } from "../../../../shared/domain/entries/bounds.ts";
import { onCallNow } from "../../../../shared/domain/facts/on-call.ts";
import type {
  OnCallSchedule,
  OutsideIds,
} from "../../../../shared/domain/facts/on-call-schedule.ts";
import {
  afterLook,
  MOST_SHIFTS,
  type ScheduleReading,
  type Shift,
  type UNKNOWN_WHYS,
} from "../../../../shared/domain/facts/schedule-reading.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { itemBytes } from "../../../../shared/domain/values/item-bytes.ts";

const READ = "2026-12-01T02:00:00.000Z";
const END = "2026-12-01T02:03:00.000Z";
const LATE = "2026-12-01T08:00:00.000Z";
const PRIMARY: OnCallSchedule = { service: "pagerduty", schedule: "PI7DH85", region: "us" };
const KEY = "pagerduty/us/PI7DH85";
const IDS = { pagerduty: "PA11CE" };

const shift = (person: string, until = LATE): Shift => ({ person, until });
const answer = (...shifts: readonly Shift[]): ScheduleReading =>
  afterLook(KEY, undefined, { shifts }, READ);
const judged = (reading: ScheduleReading | undefined, seconds = 0, ids: OutsideIds = IDS) =>
  onCallNow("primary", PRIMARY, ids, reading, plusSeconds(READ, seconds));

describe("Whether somebody is on call", () => {
  it("Yes, with what was read, when, and until when", () => {
    expect(judged(answer(shift("PB0B"), { ...shift("PA11CE"), byOverride: true }), 60)).toEqual({
      is: "yes",
      fact: {
        onCall: "primary",
        schedule: KEY,
        person: "PA11CE",
        readAt: READ,
        until: LATE,
        byOverride: true,
      },
    });
  });

  it("Of two turns at once the longer one counts", () => {
    const found = judged(answer(shift("PA11CE", END), shift("PA11CE")), 240);
    expect(found).toMatchObject({ is: "yes", fact: { until: LATE } });
  });

  it("No where somebody else is, and where nobody is", () => {
    expect(judged(answer(shift("PB0B")))).toEqual({ is: "no", readAt: READ });
    expect(judged(answer())).toEqual({ is: "no", readAt: READ });
  });

  it("An answer counts for five minutes, and not at the fifth", () => {
    expect(judged(answer(shift("PA11CE")), 299.9).is).toBe("yes");
    expect(judged(answer(shift("PA11CE")), 300)).toEqual({
      is: "unknown",
      why: "old",
      since: "2026-12-01T02:05:00.000Z",
    });
    expect(judged(answer(), 300).is).toBe("unknown");
  });

  it("A shift never counts past its end, and who follows is not known", () => {
    const reading = answer(shift("PA11CE", END));
    expect(judged(reading, 179).is).toBe("yes");
    expect(judged(reading, 180)).toEqual({ is: "unknown", why: "old", since: END });
    expect(judged(reading, 180, { pagerduty: "PB0B" })).toMatchObject({ is: "unknown" });
  });

  it.each([
    ["that was never read", undefined],
    ["of another schedule", { ...answer(shift("PA11CE")), schedule: "pagerduty/eu/PI7DH85" }],
    ["from ahead of every clock", afterLook(KEY, undefined, { shifts: [] }, plusSeconds(READ, 61))],
  ])("A reading %s says nothing", (_, reading) => {
    expect(judged(reading).is).toBe("unknown");
  });

  it("Nobody is on call without an id of the service", () => {
    expect(judged(answer(shift("PA11CE")), 0, {})).toEqual({
      is: "unknown",
      why: "no-id",
      since: null,
    });
  });
});

describe("A look that fails", () => {
  const before = answer(shift("PA11CE"));
  const failed = (unknown: (typeof UNKNOWN_WHYS)[number], seconds: number, from = before) =>
    afterLook(KEY, from, { unknown }, plusSeconds(READ, seconds));

  it.each(["unreachable", "busy", "failing"] as const)(
    "For a moment (%s), the last answer grows old",
    (why) => {
      expect(judged(failed(why, 60), 60).is).toBe("yes");
      expect(judged(failed(why, 60), 300)).toMatchObject({ is: "unknown", why });
    },
  );

  it.each(["denied", "gone", "unclear"] as const)(
    "For good (%s), nothing is known at once",
    (why) => {
      expect(judged(failed(why, 60), 61)).toEqual({
        is: "unknown",
        why,
        since: plusSeconds(READ, 60),
      });
    },
  );

  it("Several failures have one beginning, and a whole answer ends them", () => {
    const twice = failed("busy", 120, failed("denied", 60));
    expect(twice.failing).toEqual({ since: plusSeconds(READ, 60), why: "busy" });
    expect(judged(twice, 121).is).toBe("unknown");
    const again = afterLook(KEY, twice, { shifts: [shift("PA11CE")] }, plusSeconds(READ, 180));
    expect(again).not.toHaveProperty("failing");
    expect(judged(again, 181).is).toBe("yes");
  });

  it("An answer with more people than a reading holds is unclear, and no look fails for it", () => {
    const many = (count: number) =>
      afterLook(KEY, undefined, { shifts: new Array(count).fill(shift("P")) }, READ);
    expect(many(MOST_SHIFTS).answer?.shifts).toHaveLength(MOST_SHIFTS);
    expect(many(MOST_SHIFTS + 1)).toMatchObject({ failing: { since: READ, why: "unclear" } });
    const largest = {
      person: "語".repeat(128),
      until: READ,
      goesOn: true,
      byOverride: true,
    } as const;
    const reading = afterLook(
      KEY,
      undefined,
      { shifts: new Array(MOST_SHIFTS).fill(largest) },
      READ,
    );
    expect(itemBytes({ pk: KEY, reading })).toBeLessThan(ITEM_BYTES);
  });
});
