/**
 * JSON that means one thing only. `JSON.parse` keeps the last of two members of one name, takes
 * `1e309` for infinity, and passes halves of surrogate pairs on; RFC 8259 calls the first
 * unpredictable, and I-JSON (RFC 7493, section 2) forbids all three. A body that another reader
 * might take differently is refused, so that what an approver reads is what was sent.
 */
import type { Fault } from "../contract/answers.ts";

/** What is wrong with a text: a kind of fault, and where. */
export class StrictJsonError extends Error {
  override readonly name = "StrictJsonError";
  readonly kind: "not-json" | "too-deep" | "not-strict";
  readonly faults: readonly Fault[];

  constructor(kind: StrictJsonError["kind"], faults: readonly Fault[] = [], cause?: unknown) {
    super(`The text is ${kind}.`, { cause });
    this.kind = kind;
    this.faults = faults;
  }
}

/** A string, a mark, or a literal; of a text that `JSON.parse` took, these and spaces are all. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Level {
  /** The names that were there before, of an object; undefined in an array. */
  readonly names: Set<string> | undefined;
  /** Where the next value stands: a member's name or an element's number. */
  place: string;
  index: number;
}

/**
 * Reads a JSON text of at most `deepest` levels of arrays and objects.
 *
 * @throws StrictJsonError `not-json`; `too-deep`; `not-strict`, with RFC 6901 pointers
 */
export function parseStrictJson(text: string, deepest: number): unknown {
  const value = parsed(text);
  const tokens = text.match(TOKEN) ?? [];
  const levels: Level[] = [];
  const faults: Fault[] = [];
  const pointer = () => levels.map(({ place }) => `/${escaped(place)}`).join("");
  const fault = (detail: string) => faults.push({ pointer: pointer(), detail });
  for (const [at, token] of tokens.entries()) {
    const level = levels.at(-1);
    const isName = level?.names !== undefined && tokens[at + 1] === ":";
    if (token === "{" || token === "[") {
      if (levels.length === deepest) throw new StrictJsonError("too-deep");
      levels.push({ names: token === "{" ? new Set() : undefined, place: "0", index: 0 });
    } else if (token === "}" || token === "]") levels.pop();
    else if (token === "," && level && !level.names) {
      level.index += 1;
      level.place = String(level.index);
    } else if (token.startsWith('"')) {
      const string = String(JSON.parse(token));
      if (isName) level.place = string;
      if (!string.isWellFormed())
        fault("Half of a surrogate pair is no character; write the whole of it.");
      if (isName && level.names?.has(string)) fault("This member is there twice; leave one out.");
      if (isName) level.names?.add(string);
    } else if (/^[-\d]/.test(token) && !Number.isFinite(Number(token)))
      fault("This number is larger than any that JSON readers agree on.");
  }
  if (faults.length > 0) throw new StrictJsonError("not-strict", faults.map(visible));
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StrictJsonError("not-json", [], cause);
  }
}

/** One part of an RFC 6901 pointer. */
export const escaped = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");

/** Answers are well-formed, whatever the names of members were. */
const visible = ({ pointer, detail }: Fault): Fault => ({
  pointer: pointer.toWellFormed(),
  detail,
});
