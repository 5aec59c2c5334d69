/** A reason that a rule takes, made up from its pattern. */

import type { Rule } from "../../domain/policy/policy.ts";
import { isLongEnough, namesTicket } from "../../domain/policy/reason.ts";

const WORDS = "as a proof of what this policy allows";

/** @returns undefined where no ticket could be made up: not every pattern is understood */
export function sampleReason({ minLength, ticket }: Rule["reason"]): string | undefined {
  const made = ticket === null ? "" : sampleTicket(ticket);
  if (made === undefined) return undefined;
  const words = `${made} ${WORDS}`.trim();
  const reason = isLongEnough(words, minLength)
    ? words
    : words.padEnd(minLength, " and more").trimEnd();
  const padded = isLongEnough(reason, minLength) ? reason : `${reason}${".".repeat(minLength)}`;
  return ticket === null || namesTicket(padded, ticket) ? padded : undefined;
}

/** The parts of a pattern that are made up: literals, sets of characters, groups, and how often. */
const PART =
  /^(?:\\([dwDWsS.\-/\\[\](){}+*?^$|])|\[((?:\\.|[^\]\\])*)\]|([^\\[\](){}*+?|^$.])|(\.))/;
const OFTEN = /^(?:\?|\*|\+|\{(\d+)(?:,\d*)?\})\??/;

/** A text for the first alternative of a pattern; undefined where a part is not understood. */
export function sampleTicket(pattern: string): string | undefined {
  const reader = { rest: pattern };
  const text = sequence(reader);
  return text !== undefined && reader.rest === "" && new RegExp(pattern).test(text)
    ? text
    : undefined;
}

interface Reader {
  rest: string;
}

function sequence(reader: Reader): string | undefined {
  let text = "";
  while (reader.rest !== "" && !reader.rest.startsWith(")")) {
    if (/^[\^$]/.test(reader.rest)) {
      reader.rest = reader.rest.slice(1);
      continue;
    }
    if (reader.rest.startsWith("|")) {
      // One alternative is enough; the others are read and left.
      reader.rest = reader.rest.slice(1);
      return sequence(reader) === undefined ? undefined : text;
    }
    const part = partOf(reader);
    if (part === undefined) return undefined;
    text += part.repeat(times(reader));
  }
  return text;
}

function partOf(reader: Reader): string | undefined {
  const group = /^\((?:\?:|(?!\?))/.exec(reader.rest);
  if (group) {
    reader.rest = reader.rest.slice(group[0].length);
    const inner = sequence(reader);
    if (inner === undefined || !reader.rest.startsWith(")")) return undefined;
    reader.rest = reader.rest.slice(1);
    return inner;
  }
  const found = PART.exec(reader.rest);
  if (!found) return undefined;
  reader.rest = reader.rest.slice(found[0].length);
  const [, escaped, set, literal] = found;
  if (literal !== undefined) return literal;
  if (set !== undefined) return fromSet(set);
  return escaped === undefined ? "x" : (ESCAPED[escaped] ?? escaped);
}

const ESCAPED: Readonly<Record<string, string>> = {
  d: "1",
  w: "a",
  D: "a",
  W: "-",
  s: " ",
  S: "a",
};
const CANDIDATES = "1A-a_.B2";

/** A character of a set, such as `[A-Z0-9]`. */
const fromSet = (set: string): string | undefined =>
  [...CANDIDATES, ...set].find((one) => new RegExp(`^[${set}]$`).test(one));

function times(reader: Reader): number {
  const found = OFTEN.exec(reader.rest);
  if (!found) return 1;
  reader.rest = reader.rest.slice(found[0].length);
  return Math.max(1, Number(found[1] ?? 1));
}
