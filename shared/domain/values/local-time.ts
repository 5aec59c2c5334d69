/** The time on the wall clocks of a time zone, daylight saving included. */

/** The days of a week, in the order of `Date.getUTCDay`. */
export const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

export type Weekday = (typeof WEEKDAYS)[number];

/** An instant as people in a zone read it. */
export interface LocalTime {
  /** `2026-11-24` */
  readonly date: string;
  readonly day: Weekday;
  /** Whole minutes on the clock since its midnight, 0 to 1439. */
  readonly minute: number;
}

/** To make one takes longer than to use it a hundred times. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timezone: string): Intl.DateTimeFormat {
  const known = formats.get(timezone);
  if (known) return known;
  // Only English and numbers: every build of Node has data for them.
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    calendar: "iso8601",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  formats.set(timezone, made);
  return made;
}

/**
 * The time that a clock in the zone shows at an instant.
 *
 * @returns undefined for text that is no instant, and for a zone that this machine does not know:
 *   whoever asks whether access is allowed then says no, and an error here could keep access from
 *   ending
 */
export function localTimeIn(timezone: string, instant: string): LocalTime | undefined {
  const time = Date.parse(instant);
  if (Number.isNaN(time) || !isTimeZone(timezone)) return undefined;
  const parts = formatOf(timezone).formatToParts(time);
  const [year = 0, month = 0, dayOfMonth = 0, hour = 0, minute = 0] = (
    ["year", "month", "day", "hour", "minute"] as const
  ).map((wanted) => Number(parts.find(({ type }) => type === wanted)?.value));
  const midnight = new Date(Date.UTC(year, month - 1, dayOfMonth));
  const day = WEEKDAYS[midnight.getUTCDay()];
  if (day === undefined) return undefined;
  return { date: midnight.toISOString().slice(0, 10), day, minute: hour * 60 + minute };
}

/** Whether this machine knows the zone. */
export function isTimeZone(timezone: string): boolean {
  if (formats.has(timezone)) return true;
  try {
    formatOf(timezone);
    return true;
  } catch {
    return false;
  }
}
