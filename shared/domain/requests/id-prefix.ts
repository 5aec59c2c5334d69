/**
 * The beginning of a request's id. An id is a UUIDv7, whose first 48 bits are the Unix time in
 * milliseconds at which it was made.
 * https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
import { plusSeconds } from "../values/instant.ts";

/** Eight digits leave 65.5 seconds open, and seven would leave 17 minutes. */
export const SHORTEST_PREFIX = 8;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ANY_ID = "00000000-0000-7000-8000-000000000000";
const TIME_DIGITS = 12;

/** An id is made this long after its request's `createdAt` at most: a call lasts no longer. */
const MADE_WITHIN_SECONDS = 30;

/** Whether a text is a whole id. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** Whether an id can begin with the text, and the text is long enough to look for. */
export const isIdPrefix = (text: string): boolean =>
  text.length >= SHORTEST_PREFIX && UUID.test(text + ANY_ID.slice(text.length));

/** Whether an id says that it was made after an instant: nobody makes such a request, so others made the id up. */
export const isMadeAfter = (id: string, instant: string): boolean =>
  isUuid(id) && createdBetween(id).from > instant;

/** When a request whose id begins so can have been created: `from` ≤ `createdAt` < `to`. */
export function createdBetween(prefix: string): { readonly from: string; readonly to: string } {
  const digits = prefix.replaceAll("-", "").slice(0, TIME_DIGITS);
  const instantOf = (rest: string) =>
    new Date(Number.parseInt(digits.padEnd(TIME_DIGITS, rest), 16)).toISOString();
  return {
    from: plusSeconds(instantOf("0"), -MADE_WITHIN_SECONDS),
    to: plusSeconds(instantOf("f"), 1),
  };
}
