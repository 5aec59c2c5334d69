/** Tells a mistyped duration from other words, and finds the duration that it probably meant. */
import { formatDuration } from "./duration.ts";

/** The seconds of each unit, by its first letter. */
const SECONDS: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };
/** The unit of a number that follows another unit and names none: `1h30`. */
const SMALLER: Readonly<Record<string, string>> = { w: "d", d: "h", h: "m", m: "s" };

const NUMBER = String.raw`\d{1,6}(?:[.,]\d{1,3})?`;
const UNIT = "w(?:eeks?)?|d(?:ays?)?|h(?:rs?|ours?)?|m(?:ins?|inutes?)?|s(?:ecs?|econds?)?";
const PARTS = `(?:${NUMBER}(?:${UNIT}))+`;
/** One word may end in a number without its unit, and be signed, or be as ISO 8601 writes it. */
const ONE_WORD = new RegExp(`^[+\\u2212-]?(?:PT?)?${PARTS}(?:\\d{1,2})?$`, "i");
const SEVERAL_WORDS = new RegExp(`^[+\\u2212-]?${PARTS}$`, "i");

/** `1 hour 30 min` has four words. */
const MOST_WORDS = 4;

/**
 * The leading words that look like one duration, joined by blanks; undefined where they do not. A
 * number without a unit is the beginning of a reason.
 */
export function leadingTime(words: readonly string[]): string | undefined {
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count -= 1) {
    const taken = words.slice(0, count);
    const shape = count === 1 ? ONE_WORD : SEVERAL_WORDS;
    if (shape.test(taken.join(""))) return taken.join(" ");
  }
  return undefined;
}

/**
 * The duration that a text of `leadingTime` probably meant, as `parseDuration` reads it.
 *
 * @param secondsAllowed otherwise to the nearest minute
 * @returns undefined for no time at all
 */
export function meantDuration(text: string, secondsAllowed: boolean): string | undefined {
  const parts = text.replaceAll(/\s/g, "").matchAll(/(\d+(?:[.,]\d+)?)([a-z]?)/gi);
  let total = 0;
  let last = "";
  for (const [, number = "", letter = ""] of parts) {
    const unit = letter.toLowerCase() || SMALLER[last] || "s";
    total += Number(number.replace(",", ".")) * (SECONDS[unit] ?? 0);
    last = unit;
  }
  const seconds = secondsAllowed ? Math.round(total) : Math.round(total / 60) * 60;
  return seconds > 0 ? formatDuration(seconds) : undefined;
}
