import { notEmulated, validation } from "./errors.ts";
import { instantOf, isLocalTime, isTimeZone, type LocalTime } from "./zoned-time.ts";

/** A parsed ScheduleExpression. */
export type Expression =
  | { readonly kind: "at"; readonly local: LocalTime }
  | { readonly kind: "rate"; readonly periodMs: number };

const AT = /^at\((\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\)$/;
const RATE = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/;
const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/**
 * Reads `at(yyyy-mm-ddThh:mm:ss)`, without a zone, or `rate(value unit)`; `cron()` is refused by
 * name. Source: Scheduler User Guide, "Schedule types".
 *
 * @throws ValidationException
 */
export function parseExpression(text: string): Expression {
  const at = AT.exec(text);
  if (at !== null) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = at
      .slice(1)
      .map(Number);
    const local = { year, month, day, hour, minute, second };
    if (isLocalTime(local)) return { kind: "at", local };
  }
  const rate = RATE.exec(text);
  if (rate !== null)
    return { kind: "rate", periodMs: Number(rate[1]) * (UNIT_MS[rate[2] ?? ""] ?? 0) };
  if (/^cron\(.*\)$/.test(text)) throw notEmulated(`The schedule expression ${text}: cron()`);
  throw validation(`Invalid Schedule Expression ${text}.`);
}

/** @throws ValidationException unless it is an IANA time zone */
export function checkTimezone(timezone: string): void {
  if (!isTimeZone(timezone)) throw validation(`Invalid Schedule Expression Timezone ${timezone}.`);
}

/**
 * The one instant of an `at()`, in milliseconds since 1970; null if daylight saving skips it.
 */
export function atInstant(
  expression: Expression & { readonly kind: "at" },
  timezone: string,
): number | null {
  return instantOf(expression.local, timezone);
}

/**
 * The first occurrence of a `rate()` at or after `from`: its start and whole periods from there.
 * Without a start date a rate begins at once, when it is made. Null after the end.
 */
export function rateOccurrence(
  expression: Expression & { readonly kind: "rate" },
  bounds: { readonly start: number; readonly end: number | null },
  from: number,
): number | null {
  const periods = Math.max(0, Math.ceil((from - bounds.start) / expression.periodMs));
  const next = bounds.start + periods * expression.periodMs;
  return bounds.end !== null && next > bounds.end ? null : next;
}
