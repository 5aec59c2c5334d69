import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { Failure } from "../failures/failure.ts";
import { SPAN_SECONDS, spokenMoment } from "../text/past-instant.ts";
import { parseMoment } from "../text/time-text.ts";

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
  if (count !== undefined) return plusSeconds(now, Number(count) * (SPAN_SECONDS[unit] ?? 0));
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hour === undefined) return text;
  const start = new Date(now);
  start.setHours(Number(hour), Number(minute), 0, 0);
  if (start <= new Date(now)) start.setDate(start.getDate() + 1);
  return start.toISOString();
}
