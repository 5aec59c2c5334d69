/**
 * Text from other people, made safe to show. Every sink uses this one table: the terminal, cells of
 * CSV, log lines.
 */

import { madeOnce } from "./made-once.ts";

/**
 * Characters that move a cursor, change the reading order, or cannot be seen, by their Unicode
 * properties (UAX #44). These are controls (C0, DEL, C1), format characters (bidirectional,
 * zero-width, tags), and line and paragraph separators. Others are lone surrogates, private use,
 * unassigned characters, and spaces other than the space. The last are default-ignorable characters
 * (variation selectors, Hangul fillers) and the blank Braille pattern. The tables of these properties take
 * V8 longer to read than most functions take for all their own code.
 */
const hidden = madeOnce(
  () => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{DI}\u2800]|(?! )\p{Zs}/gu,
);

const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

const escaped = (char: string) => NAMED[char] ?? `\\u{${char.codePointAt(0)?.toString(16)}}`;

/** The text on one line, with every hidden character written as an escape: `\n`, `\u{202e}`. */
export const visible = (text: string): string => text.replace(hidden(), escaped);

/** As {@link visible}, but line breaks stay: for texts of our own that quote foreign text. */
export const visibleLines = (text: string): string =>
  text.replace(hidden(), (char) => (char === "\n" ? char : escaped(char)));

/**
 * A line of JSON, or one that may hold some, with hidden characters as JSON's own escapes. Inside
 * strings the document stays the same.
 */
export const visibleJsonText = (text: string): string =>
  text.replace(hidden(), (char) => (char === "\n" ? char : char.replace(/[\s\S]/g, escapedUnit)));

const escapedUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** The document as JSON, with hidden characters as JSON's own escapes. */
export const visibleJson = (document: unknown, indent?: number): string =>
  visibleJsonText(JSON.stringify(document, null, indent));

/**
 * A replacer for `JSON.stringify`: texts and names of members as {@link visibleLines}. A log line's
 * breaks are escaped by JSON.
 */
export function visibleValue(_key: string, value: unknown): unknown {
  if (typeof value === "string") return visibleLines(value);
  // The logger finds circles by identity, so nothing is copied without need. A name with hidden
  // characters comes from JSON that somebody sent, which has no circles.
  if (typeof value !== "object" || value === null || Object.keys(value).every(isVisible))
    return value;
  const renamed = Object.entries(value).map(([name, member]) => [visibleLines(name), member]);
  const copy: object = Object.fromEntries(renamed);
  if (!(value instanceof Error)) return copy;
  const { name, message, stack, cause } = value;
  return Object.assign(new Error(message, { cause }), { name, stack }, copy);
}

const isVisible = (text: string): boolean => visibleLines(text) === text;
