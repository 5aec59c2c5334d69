/** Instants for people: local clock and zone, and how far away. */
import { secondsBetween } from "../../shared/domain/values/instant.ts";
import { parseInstant } from "../../shared/domain/values/zoned-instant.ts";

interface LocalTime {
  /** `2026-11-24` */
  readonly date: string;
  /** `10:42:07`; without seconds where they are zero. */
  readonly clock: string;
  /** `10:42:00` */
  readonly exact: string;
  /** `PST`, or `GMT+1` where the zone has no short English name. */
  readonly zone: string;
}

function localTime(instant: string): LocalTime {
  const format = new Intl.DateTimeFormat("en-US", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZoneName: "short",
  });
  const part = Object.fromEntries(
    format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]),
  );
  const minute = `${part["hour"]}:${part["minute"]}`;
  const exact = `${minute}:${part["second"]}`;
  return {
    date: `${part["year"]}-${part["month"]}-${part["day"]}`,
    clock: part["second"] === "00" ? minute : exact,
    exact,
    zone: part["timeZoneName"] ?? "",
  };
}

/** `2026-11-24 10:42 PST` */
export function fullTime(instant: string): string {
  const { date, clock, zone } = localTime(instant);
  return `${date} ${clock} ${zone}`;
}

/** `2026-11-24 10:42:00 PST`: for a list of times, which then have one form. */
export function exactTime(instant: string): string {
  const { date, exact, zone } = localTime(instant);
  return `${date} ${exact} ${zone}`;
}

/** `10:42 PST` on the same local day as `now`, else `11-25 10:42 PST`, with the year if another. */
export const shortTime = (instant: string, now: string): string => shortOf(instant, now, "clock");

/** The same with seconds always: for a list of times. */
export const exactShortTime = (instant: string, now: string): string =>
  shortOf(instant, now, "exact");

function shortOf(instant: string, now: string, form: "clock" | "exact"): string {
  const { date, zone, [form]: clock } = localTime(instant);
  const today = localTime(now).date;
  if (date === today) return `${clock} ${zone}`;
  const sameYear = date.slice(0, 4) === today.slice(0, 4);
  return `${sameYear ? date.slice(5) : date} ${clock} ${zone}`;
}

/** `2026-11-24 18:42:07 UTC`, to compare with logs. */
export const utcTime = (instant: string): string =>
  `${instant.slice(0, 10)} ${instant.slice(11, 19).replace(/:00$/, "")} UTC`;

/** Local time, and UTC besides where that is another: `2026-11-24 10:42 PST, 2026-11-24 18:42 UTC`. */
export function everywhere(instant: string): string {
  const [local, utc] = [fullTime(instant), utcTime(instant)];
  return local === utc ? utc : `${local}, ${utc}`;
}

const UNITS = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
] as const;

/** Two units at most, rounded down: `2d3h`, `42m`, `9m30s`, `23s`. Seconds only below 10 min. As durations are typed. */
export function spanText(seconds: number): string {
  let left = Math.max(0, Math.floor(seconds));
  if (left >= 600) left -= left % 60;
  const parts = UNITS.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? [`${count}${unit}`] : [];
  });
  return parts.slice(0, 2).join("") || "0s";
}

/** A clock that counts down, rounded down: `1:02:07`, `42:07`, `0:23`. */
export function clockText(seconds: number): string {
  const left = Math.max(0, Math.floor(seconds));
  const two = (number: number) => String(number).padStart(2, "0");
  const hours = Math.floor(left / 3_600);
  const minutes = Math.floor((left % 3_600) / 60);
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(left % 60)}`;
}

/** `in 42m`, `3m ago`. */
export function awayText(instant: string, now: string): string {
  const seconds = secondsBetween(now, instant);
  return seconds >= 0 ? `in ${spanText(seconds)}` : `${spanText(-seconds)} ago`;
}

/** `10:42 PST (42m left)`, or `10:42 PST (3m ago)` once that is over. @param shown the instant, as text */
export function leftText(shown: string, instant: string, now: string): string {
  const seconds = secondsBetween(now, instant);
  return seconds >= 0
    ? `${shown} (${spanText(seconds)} left)`
    : `${shown} (${awayText(instant, now)})`;
}

/** As `parseInstant`; a day is read as its first moment in UTC. */
export const parseMoment = (text: string): string | undefined =>
  parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : text);
