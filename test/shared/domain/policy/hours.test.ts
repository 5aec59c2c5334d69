import { describe, expect, it } from "vitest";
import {
  clockText,
  describeHours,
  type Hours,
  isWithin,
  nextOpening,
} from "../../../../shared/domain/policy/hours.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { isTimeZone, localTimeIn } from "../../../../shared/domain/values/local-time.ts";
import { naivelyWithin, ZONES } from "./naive-hours.ts";

const WORKDAYS = ["mon", "tue", "wed", "thu", "fri"] as const;
const EVERY_DAY = [...WORKDAYS, "sat", "sun"] as const;

const berlin = (over: Partial<Hours> = {}): Hours => ({
  days: WORKDAYS,
  from: "08:00",
  to: "18:00",
  timezone: "Europe/Berlin",
  ...over,
});

const WINDOWS: readonly Omit<Hours, "timezone">[] = [
  { days: WORKDAYS, from: "08:00", to: "18:00" },
  // Inside of the hour that the clocks skip or repeat.
  { days: ["sun"], from: "02:15", to: "02:45" },
  { days: EVERY_DAY, from: "01:30", to: "02:30" },
  { days: ["sat", "sun"], from: "00:00", to: "00:30" },
  { days: ["sun"], from: "00:00", to: "24:00" },
  // Over midnight.
  { days: ["sat"], from: "22:00", to: "02:20" },
  { days: ["fri", "sun"], from: "23:59", to: "00:01" },
  { days: ["sun"], from: "02:00", to: "01:59" },
  { days: ["sat"], from: "18:00", to: "24:00" },
];

/** Every `step` minutes of the two days around each change of the clocks, and of a day without one. */
const instantsOf = (zone: string, step: number): readonly string[] => {
  const [, ...changes] = ZONES[zone] ?? [];
  const middles = changes.length > 0 ? changes.map(({ from }) => from) : ["2026-03-29T01:00:00Z"];
  return middles.flatMap((middle) =>
    Array.from({ length: (2 * 1_440) / step }, (_, at) =>
      plusSeconds(middle, (at * step - 1_440) * 60),
    ),
  );
};

describe("The hours of a rule", () => {
  it.each(Object.keys(ZONES))(
    "Hours are those of a naive evaluation in every window around each change of the clocks of %s",
    (timezone) => {
      const counts = { inside: 0, outside: 0 };
      for (const instant of instantsOf(timezone, 5))
        for (const window of WINDOWS) {
          const hours = { ...window, timezone };
          const expected = naivelyWithin(hours, instant);
          counts[expected ? "inside" : "outside"] += 1;
          if (isWithin(hours, instant) !== expected)
            expect.fail(`${describeHours(hours)} at ${instant}: not ${expected}`);
        }
      for (const count of Object.values(counts)) expect(count).toBeGreaterThan(400);
    },
  );

  it.each(Object.keys(ZONES))(
    "The next opening is the first instant that a naive evaluation finds inside, in %s",
    (timezone) => {
      // Both are looked at by the minute; every window opens within nine days.
      for (const instant of instantsOf(timezone, 240))
        for (const window of WINDOWS.slice(0, 6)) {
          const hours = { ...window, timezone };
          let expected = instant;
          while (!naivelyWithin(hours, expected)) expected = plusSeconds(expected, 300);
          // The minute within those five.
          for (let back = 0; back < 4 && expected > instant; back += 1) {
            const earlier = plusSeconds(expected, -60);
            if (earlier < instant || !naivelyWithin(hours, earlier)) break;
            expected = earlier;
          }
          expect({ window, instant, next: nextOpening(hours, instant) }).toEqual({
            window,
            instant,
            next: expected,
          });
        }
    },
  );

  it.each([
    ["2026-11-27T06:59:59.999Z", false],
    ["2026-11-27T07:00:00.000Z", true],
    ["2026-11-27T16:59:59.999Z", true],
    ["2026-11-27T17:00:00.000Z", false],
  ])("Hours begin with their first millisecond and end before their last minute: %s", (at, is) => {
    expect(isWithin(berlin(), at)).toBe(is);
  });

  it("A window over midnight belongs to the day on which it begins", () => {
    const nights = berlin({ days: ["fri"], from: "22:00", to: "06:00" });
    // Friday the 27th at 23:00, the Saturday after it at 05:59 and 06:00, and Friday at 05:00.
    const at = ["27T22:00", "28T04:59", "28T05:00", "27T04:00"];
    expect(at.map((time) => isWithin(nights, `2026-11-${time}:00.000Z`))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("An hour that the clocks repeat counts twice, and one that they skip never comes", () => {
    const small = berlin({ days: EVERY_DAY, from: "02:00", to: "02:30" });
    const minutes = (date: string) =>
      Array.from({ length: 1_440 }, (_, at) =>
        plusSeconds(`${date}T00:00:00.000Z`, at * 60),
      ).filter((instant) => isWithin(small, instant)).length;
    expect([minutes("2026-10-24"), minutes("2026-10-25"), minutes("2026-03-29")]).toEqual([
      30, 60, 0,
    ]);
  });

  it("Hours in a zone that this machine does not know are never open, and raise no error", () => {
    const nowhere = berlin({ timezone: "Mars/Olympus" });
    expect(isWithin(nowhere, "2026-11-27T10:00:00.000Z")).toBe(false);
    expect(nextOpening(nowhere, "2026-11-27T10:00:00.000Z")).toBeUndefined();
    expect(clockText(nowhere, "2026-11-27T10:00:00.000Z")).toBe("2026-11-27T10:00:00.000Z");
  });

  it("Text that is no instant is never within the hours", () => {
    for (const text of ["", "x", "2026-13-01T00:00:00.000Z"])
      expect(isWithin(berlin(), text)).toBe(false);
  });

  it("Hours that fall into a skipped hour open a week later", () => {
    const small = berlin({ days: ["sun"], from: "02:15", to: "02:45" });
    expect(nextOpening(small, "2026-03-23T00:00:00.000Z")).toBe("2026-04-05T00:15:00.000Z");
  });
});

describe("The text of hours", () => {
  it.each([
    [berlin(), "mon–fri 08:00–18:00 Europe/Berlin"],
    [berlin({ days: ["sun", "mon"] }), "mon, sun 08:00–18:00 Europe/Berlin"],
    [berlin({ days: ["wed", "mon", "tue", "sat"] }), "mon–wed, sat 08:00–18:00 Europe/Berlin"],
    [berlin({ days: ["mon", "wed", "thu", "fri"] }), "mon, wed–fri 08:00–18:00 Europe/Berlin"],
    [
      berlin({ days: ["fri"], from: "22:00", to: "06:00" }),
      "fri 22:00–06:00 of the next day Europe/Berlin",
    ],
    [berlin({ days: EVERY_DAY, from: "00:00", to: "24:00" }), "mon–sun 00:00–24:00 Europe/Berlin"],
  ])("Hours are said as people write them: %j", (hours, text) => {
    expect(describeHours(hours)).toBe(text);
  });

  it("An instant is said as the hours' own clock shows it", () => {
    expect(clockText(berlin(), "2026-11-27T07:05:00.000Z")).toBe(
      "fri 2026-11-27 08:05 Europe/Berlin",
    );
  });
});

describe("The local time of a zone", () => {
  it("Midnight is minute 0 of its own day", () => {
    expect(localTimeIn("Europe/Berlin", "2026-11-26T23:00:00.000Z")).toEqual({
      date: "2026-11-27",
      day: "fri",
      minute: 0,
    });
  });

  it("A zone is known by its name, and any other text is no zone", () => {
    expect(["Europe/Berlin", "UTC", "Asia/Calcutta"].map(isTimeZone)).toEqual([true, true, true]);
    expect(["Europe/Berlni", "", "Mars"].map(isTimeZone)).toEqual([false, false, false]);
  });
});
