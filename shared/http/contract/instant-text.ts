/** ISO 8601 in UTC, up to milliseconds. Only a date, where that is allowed. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/**
 * An instant with milliseconds, as the domain compares them; undefined for any other text. Also
 * refuses days that do not exist, because `Date` reads 30 February as 2 March.
 */
export function readInstant(text: string, dateAllowed = false): string | undefined {
  if (!INSTANT.test(text) && !(dateAllowed && DATE.test(text))) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time)) return undefined;
  const instant = new Date(time).toISOString();
  return instant.slice(0, DAY) === text.slice(0, DAY) ? instant : undefined;
}

const DAY = "2026-11-24".length;
