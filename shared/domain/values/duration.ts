import { BrokerError } from "./errors.ts";

const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;
const SHAPE = /^(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/;

/**
 * Reads `90m`, `1h30m`, `2d`: whole days, hours and minutes, in that order. Seconds are read only
 * where the settings allow them. Libraries are too lenient: they read `P1M` as a minute and accept
 * `-1h`.
 *
 * @returns seconds, at least 1
 * @throws BrokerError `invalid-request`
 */
export function parseDuration(text: string, secondsAllowed: boolean): number {
  const units = secondsAllowed ? "d, h, m and s" : "d, h and m";
  const parts = SHAPE.exec(text);
  const [days = "", hours = "", minutes = "", seconds = ""] = parts?.slice(1) ?? [];
  const total =
    Number(days) * UNITS.d + Number(hours) * UNITS.h + Number(minutes) * UNITS.m + Number(seconds);
  if (!parts || total === 0 || (seconds !== "" && !secondsAllowed))
    throw new BrokerError(
      "invalid-request",
      `"${text.slice(0, 40)}" is not a duration. Nothing was done; write whole numbers of ${units} in that order, such as 90m or 1h30m.`,
    );
  return total;
}

/** The shortest text that `parseDuration` reads back: 5400 is `1h30m`. */
export function formatDuration(seconds: number): string {
  let left = Math.max(0, Math.round(seconds));
  const parts = Object.entries(UNITS).map(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? `${count}${unit}` : "";
  });
  return parts.join("") || "0s";
}
