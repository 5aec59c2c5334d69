/**
 * A second reading of a rule's hours, written without the first. Zones are tables of offsets, copied
 * by hand from the rules of the IANA database; a window is a span of local time, spelt out for every
 * day of the calendar.
 */
import type { Hours } from "../../../../shared/domain/policy/hours.ts";

interface Shift {
  /** From this instant on. */
  readonly from: string;
  /** Minutes that the clocks are ahead of UTC. */
  readonly ahead: number;
}

/** 2026, and the first day of 2027. */
export const ZONES: Readonly<Record<string, readonly Shift[]>> = {
  "Europe/Berlin": [
    { from: "2025-12-01T00:00:00Z", ahead: 60 },
    { from: "2026-03-29T01:00:00Z", ahead: 120 },
    { from: "2026-10-25T01:00:00Z", ahead: 60 },
  ],
  "America/New_York": [
    { from: "2025-12-01T00:00:00Z", ahead: -300 },
    { from: "2026-03-08T07:00:00Z", ahead: -240 },
    { from: "2026-11-01T06:00:00Z", ahead: -300 },
  ],
  // Half an hour of daylight saving.
  "Australia/Lord_Howe": [
    { from: "2025-12-01T00:00:00Z", ahead: 660 },
    { from: "2026-04-04T15:00:00Z", ahead: 630 },
    { from: "2026-10-03T15:30:00Z", ahead: 660 },
  ],
  // Offsets of three quarters of an hour.
  "Pacific/Chatham": [
    { from: "2025-12-01T00:00:00Z", ahead: 825 },
    { from: "2026-04-04T14:00:00Z", ahead: 765 },
    { from: "2026-09-26T14:00:00Z", ahead: 825 },
  ],
  // Its clocks leap from midnight to one, so a day begins an hour late.
  "America/Santiago": [
    { from: "2025-12-01T00:00:00Z", ahead: -180 },
    { from: "2026-04-05T03:00:00Z", ahead: -240 },
    { from: "2026-09-06T04:00:00Z", ahead: -180 },
  ],
  // Two hours of daylight saving.
  "Antarctica/Troll": [
    { from: "2025-12-01T00:00:00Z", ahead: 0 },
    { from: "2026-03-29T01:00:00Z", ahead: 120 },
    { from: "2026-10-25T01:00:00Z", ahead: 0 },
  ],
  "Asia/Kolkata": [{ from: "2025-12-01T00:00:00Z", ahead: 330 }],
  "America/Phoenix": [{ from: "2025-12-01T00:00:00Z", ahead: -420 }],
  UTC: [{ from: "2025-12-01T00:00:00Z", ahead: 0 }],
};

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const NAMES = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];

/** Whether a local time, in milliseconds as if it were UTC, is in a window of some day. */
export function naivelyWithin(hours: Hours, instant: string): boolean {
  const time = Date.parse(instant);
  const shifts = (ZONES[hours.timezone] ?? []).filter(({ from }) => Date.parse(from) <= time);
  const ahead = shifts.at(-1)?.ahead;
  if (ahead === undefined) throw new Error(`No table has ${hours.timezone} at ${instant}.`);
  const local = time + ahead * MINUTE;
  const [today] = [Math.floor(local / DAY)];
  return [today - 1, today].some((date) => {
    // The first of January 1970 was a Thursday.
    if (!hours.days.some((day) => day === NAMES[date % 7])) return false;
    const clock = (text: string) => {
      const [hour, minute] = text.split(":");
      return (Number(hour) * 60 + Number(minute)) * MINUTE;
    };
    const opens = date * DAY + clock(hours.from);
    let closes = date * DAY + clock(hours.to);
    if (closes <= opens) closes += DAY;
    return opens <= local && local < closes;
  });
}
