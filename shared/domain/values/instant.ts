/** Arithmetic on ISO 8601 UTC instants with milliseconds, which sort as text in order of time. */

/** Whether a value is an instant as the broker stores them: years of more than four digits do not sort as text. */
export const isInstant = (value: unknown): value is string => {
  const time = typeof value === "string" && /^\d/.test(value) ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString() === value;
};

/** `instant` moved by `seconds`, which may be negative. */
export function plusSeconds(instant: string, seconds: number): string {
  return new Date(Date.parse(instant) + Math.round(seconds * 1000)).toISOString();
}

/** Seconds from `from` to `to`; negative when `to` comes first. */
export function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1000;
}

/**
 * The last multiple of `granularitySeconds` (counted from the epoch) that is not after `instant`.
 */
export function floorTo(instant: string, granularitySeconds: number): string {
  const step = granularitySeconds * 1000;
  return new Date(Math.floor(Date.parse(instant) / step) * step).toISOString();
}

export function earliest(instants: readonly string[]): string | undefined {
  return instants.reduce<string | undefined>(
    (first, next) => (first === undefined || next < first ? next : first),
    undefined,
  );
}

export function latest(instants: readonly string[]): string | undefined {
  return instants.reduce<string | undefined>(
    (last, next) => (last === undefined || next > last ? next : last),
    undefined,
  );
}
