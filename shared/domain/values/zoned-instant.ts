const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * An instant with its zone (`2026-11-24T22:00-08:00`), as UTC with milliseconds.
 *
 * @returns undefined for anything else: a time without a zone is ambiguous
 */
export function parseInstant(text: string): string | undefined {
  const [, year, month, day] = INSTANT.exec(text) ?? [];
  const time = Date.parse(text);
  // Date.parse takes the 31st of a shorter month for the 1st of the next.
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  if (Number.isNaN(time) || !day || Number(day) > last) return undefined;
  return new Date(time).toISOString();
}
