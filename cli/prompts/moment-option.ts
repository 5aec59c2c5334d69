import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { Failure } from "../failures/failure.ts";
import { fullTime, parseMoment } from "../text/time-text.ts";

const SECONDS: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400, w: 604_800 };
const DAYS_AGO: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };

/** `7d` ago, `yesterday` in UTC, or a moment by itself; undefined for anything else. */
function spokenMoment(text: string, now: string): string | undefined {
  const [, count, unit = ""] = /^(\d{1,4})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return plusSeconds(now, -Number(count) * (SECONDS[unit] ?? 0));
  const days = Object.hasOwn(DAYS_AGO, text) ? DAYS_AGO[text] : undefined;
  if (days === undefined) return parseMoment(text);
  return `${plusSeconds(now, -days * (SECONDS["d"] ?? 0)).slice(0, "2026-10-01".length)}T00:00:00.000Z`;
}

/**
 * The moment in the past that an option names. ISO 8601 UTC.
 *
 * @param option such as `--from`
 * @param now ISO 8601 UTC
 * @param usage makes the command's failure of what is wrong
 * @throws what `usage` makes, where the text is neither a time ago, a day, nor an instant with its zone
 */
export function pastMoment(
  option: string,
  text: string,
  now: string,
  usage: (what: string) => Failure,
): string {
  const moment = spokenMoment(text, now);
  if (moment === undefined)
    throw usage(
      `${option} "${text}" is neither a time ago (7d, 12h), a day (yesterday, or 2026-10-01 in UTC), nor an instant with its zone (2026-10-01T00:00Z).`,
    );
  return moment;
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
  usage: (what: string) => Failure,
): string {
  const instant = clockTime(text, now) ?? spokenMoment(text, now);
  if (instant === undefined)
    throw usage(
      `${option} "${text}" is neither a time of this machine's clock (15:33, yesterday 15:33, 2026-10-01 15:33), a time ago (90m, 7d), nor an instant with its zone (2026-10-01T00:00Z).`,
    );
  if (instant > now) throw usage(`${option} "${text}" is to come: ${fullTime(instant)}.`);
  return instant;
}

/** A time of this machine's clock: the last one without a day. */
function clockTime(text: string, now: string): string | undefined {
  const [, day, hour, minute] =
    /^(?:(today|yesterday|\d{4}-\d{2}-\d{2}) )?([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined) return undefined;
  const isDate = day !== undefined && !Object.hasOwn(DAYS_AGO, day);
  const time = new Date(isDate ? `${day}T00:00:00` : now);
  if (Number.isNaN(time.getTime())) return undefined;
  time.setDate(time.getDate() - (day === undefined ? 0 : (DAYS_AGO[day] ?? 0)));
  time.setHours(Number(hour), Number(minute), 0, 0);
  if (day === undefined && time > new Date(now)) time.setDate(time.getDate() - 1);
  return time.toISOString();
}

/**
 * The moment that an option names, which may be to come. ISO 8601 UTC.
 *
 * @throws what `usage` makes, where the text is neither a day nor an instant with its zone
 */
export function momentOption(
  option: string,
  text: string,
  usage: (what: string) => Failure,
): string {
  const moment = parseMoment(text);
  if (moment === undefined)
    throw usage(
      `${option} "${text}" is neither a day (2026-10-01, in UTC) nor an instant with its zone (2026-10-01T00:00Z).`,
    );
  return moment;
}

/**
 * A start as people say it, as an instant: `+2h` from now, or `22:00`, the next time that this machine's clock shows it.
 *
 * @param now ISO 8601 UTC
 * @returns any other text as it is, for whoever reads an instant with its zone
 */
export function spokenStart(text: string, now: string): string {
  const [, count, unit = ""] = /^\+(\d{1,4})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return plusSeconds(now, Number(count) * (SECONDS[unit] ?? 0));
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined) return text;
  const start = new Date(now);
  start.setHours(Number(hour), Number(minute), 0, 0);
  if (start <= new Date(now)) start.setDate(start.getDate() + 1);
  return start.toISOString();
}
