/** Moments of the past, as people write them. */
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { fullTime, parseMoment } from "./time-text.ts";

/** The units of a span that people type, in seconds. */
export const SPAN_SECONDS: Readonly<Record<string, number>> = {
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
};
const DAYS_AGO: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };

/** `7d` or `7d ago`, `yesterday` in UTC, or a moment by itself; undefined for anything else. */
export function spokenMoment(text: string, now: string): string | undefined {
  const [, count, unit = ""] = /^(\d{1,4})([mhdw])(?: ago)?$/.exec(text) ?? [];
  if (count !== undefined) return plusSeconds(now, -Number(count) * (SPAN_SECONDS[unit] ?? 0));
  const days = Object.hasOwn(DAYS_AGO, text) ? DAYS_AGO[text] : undefined;
  if (days === undefined) return parseMoment(text);
  return `${plusSeconds(now, -days * (SPAN_SECONDS["d"] ?? 0)).slice(0, "2026-10-01".length)}T00:00:00.000Z`;
}

/**
 * The instant in the past that an option names: also a time of this machine's clock, such as `yesterday 15:33`.
 * ISO 8601 UTC.
 *
 * @param now ISO 8601 UTC
 * @throws what `usage` makes, where the text is no such instant, or is one to come
 */
export function pastInstant(
  option: string,
  text: string,
  now: string,
  usage: (what: string) => Error,
): string {
  const instant = spokenInstant(text, now);
  if (instant === undefined)
    throw usage(
      `${option} "${text}" is neither a time in this machine's zone or UTC (15:33, yesterday 15:33:20, 2026-10-01 15:33 UTC), a time ago (90m, 7d ago), nor an instant with its zone (2026-10-01T00:00Z).`,
    );
  if (instant > now) throw usage(`${option} "${text}" is to come: ${fullTime(instant)}.`);
  return instant;
}

/** The instant that a text names, perhaps one to come; undefined where it is no instant. @param now ISO 8601 UTC */
export const spokenInstant = (text: string, now: string): string | undefined =>
  clockTime(text, now) ?? spokenMoment(text, now);

const CLOCK_TIME =
  /^(?:(today|yesterday|\d{4}-\d{2}-\d{2}) )?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?: ([A-Z][\w+:-]*))?$/;

/** A time as Timelatch prints it: in this machine's zone, with the zone's name or without, or in UTC. Without a day, the last one. */
function clockTime(text: string, now: string): string | undefined {
  const [, day, hour, minute, second = "0", zone] = CLOCK_TIME.exec(text) ?? [];
  if (hour === undefined) return undefined;
  const isUtc = zone === "UTC";
  const days = day === undefined ? 0 : DAYS_AGO[day];
  const start =
    day === undefined || Object.hasOwn(DAYS_AGO, day)
      ? new Date(now)
      : new Date(`${day}T00:00:00${isUtc ? "Z" : ""}`);
  if (Number.isNaN(start.getTime())) return undefined;
  const time = [Number(hour), Number(minute), Number(second), 0] as const;
  const onDay = (before: number): Date => {
    const then = new Date(start);
    if (isUtc) then.setUTCDate(then.getUTCDate() - before);
    else then.setDate(then.getDate() - before);
    if (isUtc) then.setUTCHours(...time);
    else then.setHours(...time);
    return then;
  };
  const found = onDay(days ?? 0);
  const last = day === undefined && found > new Date(now) ? onDay(1) : found;
  const instant = last.toISOString();
  return zone === undefined || isUtc || fullTime(instant).endsWith(` ${zone}`)
    ? instant
    : undefined;
}
