/** A local date and time, month 1 to 12. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const DAY_MS = 86_400_000;

/** Whether `Intl` knows the IANA time zone. */
export function isTimeZone(timeZone: string): boolean {
  // Intl also takes offsets such as +01:00, which Scheduler does not.
  if (!/^[A-Za-z]/.test(timeZone)) return false;
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** Whether there is such a date and time at all: no 30 February, no 24:00:00. */
export function isLocalTime(local: LocalTime): boolean {
  const date = new Date(asUtc(local));
  return (
    local.month >= 1 &&
    local.month <= 12 &&
    date.getUTCMonth() + 1 === local.month &&
    date.getUTCDate() === local.day &&
    local.hour <= 23 &&
    local.minute <= 59 &&
    local.second <= 59
  );
}

/**
 * The instant of a local time, in milliseconds since 1970. Null in the gap that daylight saving
 * leaves: Scheduler skips it. The first of the two where the clock is put back: Scheduler runs
 * once. Source: Scheduler User Guide, "Daylight saving time".
 */
export function instantOf(local: LocalTime, timeZone: string): number | null {
  const nominal = asUtc(local);
  const candidates = [nominal - DAY_MS, nominal + DAY_MS]
    .map((near) => nominal - offsetAt(near, timeZone))
    .filter((instant) => instant + offsetAt(instant, timeZone) === nominal);
  return candidates.length === 0 ? null : Math.min(...candidates);
}

function asUtc(local: LocalTime): number {
  return Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
}

/** By how many milliseconds the zone is ahead of UTC at an instant. */
function offsetAt(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const local = Date.UTC(
    parts["year"] ?? 0,
    (parts["month"] ?? 1) - 1,
    parts["day"] ?? 1,
    parts["hour"] ?? 0,
    parts["minute"] ?? 0,
    parts["second"] ?? 0,
  );
  return local - Math.floor(instant / 1000) * 1000;
}
