/**
 * Reduces output to the part that is the same in each run. Ids, times, ports and counts that differ
 * become placeholders.
 */

const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  // kubectl complains once for each try.
  [/^E\d{4} .*memcache.*\n/gm, ""],
  // It asks for a token each time too, and gets the same remark.
  [/^(timelatch: No access is lent .*\n.*\n)\1+/gm, "$1"],
  [/\b[\da-f]{64}\b/g, "<digest>"],
  [/[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}/g, "<id>"],
  // Lists show its beginning.
  [/\b[\da-f]{8}-[\da-f]{4}\b(?!-)/g, "<id>"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<instant>"],
  [/\d{4}-\d\d-\d\d \d\d:\d\d(?::\d\d)? UTC/g, "<instant>"],
  [/\b\d\d:\d\d(?::\d\d)? UTC/g, "<time>"],
  [/\b\d{4}-\d\d-\d\d\b/g, "<day>"],
  [/127\.0\.0\.1:\d+/g, "127.0.0.1:<port>"],
  [/\btoken=[\da-f]+\b/g, "token=<token>"],
  [/\b(?:\d+(?:\.\d+)? ?[dhms](?![a-z]) ?)+/g, "<span> "],
  [/\b\d+ events\b/g, "<n> events"],
  [/-+/g, "-"],
  // Lines break elsewhere when a span of time is longer.
  [/\s+/g, " "],
];

/** The text with its placeholders; two runs of the same commands have the same shape. */
export const shapeOf = (text: string): string =>
  PLACEHOLDERS.reduce((shape, [pattern, put]) => shape.replace(pattern, put), text).trim();
