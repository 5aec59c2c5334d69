/**
 * The hours of a rule, on a clock on the wall of its time zone. They hold for the instant of a
 * request and for its start. Only stored instants are judged, so no clock can change the answer.
 */
import { floorTo, plusSeconds } from "../values/instant.ts";
import { type LocalTime, localTimeIn, WEEKDAYS, type Weekday } from "../values/local-time.ts";

export interface Hours {
  /** The days on which a window opens; at least one. */
  readonly days: readonly Weekday[];
  /** The first minute of a window, as `08:00`. */
  readonly from: string;
  /** The first minute after it, up to `24:00`. Not later than `from`: on the next day. */
  readonly to: string;
  /** A name of the IANA time zone database, such as `Europe/Berlin`. */
  readonly timezone: string;
}

/** Minutes since midnight of `08:30`. */
export const minutesOf = (clock: string): number =>
  Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));

/**
 * Whether an instant is within the hours. An hour that the clocks repeat counts both times; one that
 * they skip never comes. False for a zone that this machine does not know. Pure.
 */
export function isWithin(hours: Hours, instant: string): boolean {
  const local = localTimeIn(hours.timezone, instant);
  return local !== undefined && isOpen(hours, local);
}

/** Whether they are open at a minute of a day, whichever week it is. Pure. */
export function isOpen(
  { days, from, to }: Hours,
  { day, minute }: Pick<LocalTime, "day" | "minute">,
): boolean {
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  if (begin < end) return days.includes(day) && begin <= minute && minute < end;
  // It spans midnight, and belongs to the day on which it begins.
  return (minute >= begin && days.includes(day)) || (minute < end && days.includes(dayBefore(day)));
}

const dayBefore = (day: Weekday): Weekday =>
  WEEKDAYS[(WEEKDAYS.indexOf(day) + WEEKDAYS.length - 1) % WEEKDAYS.length] ?? day;

/** Zones move their clocks at quarters of an hour in UTC, so inside of one a clock runs evenly. */
const QUARTER = 15;
/** The farthest that a clock is moved forward, and more: two hours, in Antarctica/Troll. */
const LEAP = 180;
/** One window may fall into a skipped hour, so a week is not enough. */
const LOOK_AHEAD = 15 * 1_440;

/**
 * The first instant from `instant` on that is within the hours: `instant` itself where it is.
 *
 * @returns undefined where none is in the next 15 days, or the zone is not known
 */
export function nextOpening(hours: Hours, instant: string): string | undefined {
  if (isWithin(hours, instant)) return instant;
  const begin = minutesOf(hours.from);
  const first = floorTo(instant, QUARTER * 60);
  for (let at = 0; at <= LOOK_AHEAD; ) {
    const quarter = plusSeconds(first, at * 60);
    const local = localTimeIn(hours.timezone, quarter);
    if (!local) return undefined;
    const wait = (begin - local.minute + 1_440) % 1_440;
    // A window opens at `from`, or at once where the clocks leap into it.
    for (const minutes of wait < QUARTER ? [0, wait] : [0]) {
      const opening = plusSeconds(quarter, minutes * 60);
      if (opening > instant && isWithin(hours, opening)) return opening;
    }
    at += Math.max(QUARTER, Math.floor((wait - LEAP) / QUARTER) * QUARTER);
  }
  return undefined;
}

/** `mon–fri 08:00–18:00 Europe/Berlin`; the days that follow each other as one span. */
export function describeHours({ days, from, to, timezone }: Hours): string {
  const until = minutesOf(to) <= minutesOf(from) ? `${to} of the next day` : to;
  return `${describeDays(days)} ${from}–${until} ${timezone}`;
}

const FROM_MONDAY: readonly Weekday[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

function describeDays(days: readonly Weekday[]): string {
  const spans: Weekday[][] = [];
  for (const [at, day] of FROM_MONDAY.entries()) {
    if (!days.includes(day)) continue;
    const last = spans.at(-1);
    const before = FROM_MONDAY[at - 1];
    if (last && before !== undefined && last.at(-1) === before) last.push(day);
    else spans.push([day]);
  }
  return spans
    .map((span) => (span.length > 2 ? `${span[0]}–${span.at(-1)}` : span.join(", ")))
    .join(", ");
}

/** An instant as the hours' own clock shows it: `fri 2026-11-27 08:00 Europe/Berlin`. */
export function clockText({ timezone }: Pick<Hours, "timezone">, instant: string): string {
  const local = localTimeIn(timezone, instant);
  if (!local) return instant;
  const two = (number: number) => String(number).padStart(2, "0");
  const clock = `${two(Math.floor(local.minute / 60))}:${two(local.minute % 60)}`;
  return `${local.day} ${local.date} ${clock} ${timezone}`;
}
