/**
 * JSON with only one possible meaning. `JSON.parse` keeps the last of two members with the same
 * name, reads `1e309` as infinity, and accepts half surrogate pairs. RFC 8259 calls the first
 * unpredictable, and I-JSON (RFC 7493, section 2) forbids all three. Another reader might read such
 * a body differently, so it is refused: an approver then reads exactly what was sent.
 */

/** Where a text is not strict, as an RFC 6901 pointer, and why. */
export interface StrictJsonFault {
  readonly pointer: string;
  readonly detail: string;
}

/** The fault of a text: its kind, and its place. */
export class StrictJsonError extends Error {
  override readonly name = "StrictJsonError";
  readonly kind: "not-json" | "too-deep" | "not-strict";
  readonly faults: readonly StrictJsonFault[];

  constructor(
    kind: StrictJsonError["kind"],
    faults: readonly StrictJsonFault[] = [],
    cause?: unknown,
  ) {
    super(`The text is ${kind}.`, { cause });
    this.kind = kind;
    this.faults = faults;
  }
}

/** A fault has the names on its way, which may be long. Thousands of them would fill the memory. */
const MOST_FAULTS = 20;

/** A string, a mark, or a literal. A valid JSON text has only these and spaces. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

interface Level {
  /** The earlier member names of an object; undefined in an array. */
  readonly names: Set<string> | undefined;
  /** The place of the next value: a member's name or an element's number. */
  place: string;
  index: number;
}

/** Whether readers agree that the token of a number is a number at all. */
const isFiniteNumber = (token: string) => Number.isFinite(Number(token));

/** Whether the token is how RFC 8785 writes its number: no other text hashes to the same. */
export const isCanonicalNumber = (token: string) =>
  isFiniteNumber(token) && String(Number(token)) === token;

/**
 * Reads a JSON text with at most `deepest` levels of arrays and objects.
 *
 * @param agreed whether the token of a number is acceptable; a canonical one always is
 * @throws StrictJsonError `not-json`; `too-deep`; `not-strict`, with RFC 6901 pointers
 */
export function parseStrictJson(
  text: string,
  deepest: number,
  agreed: (token: string) => boolean = isFiniteNumber,
): unknown {
  const value = parsed(text);
  if (isWithin(value, deepest) && isPlain(text, value)) return value;
  const levels: Level[] = [];
  const faults: StrictJsonFault[] = [];
  const pointer = () => levels.map(({ place }) => `/${escaped(place)}`).join("");
  const fault = (detail: string) => faults.push({ pointer: pointer(), detail });
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (faults.length >= MOST_FAULTS) break;
    const level = levels.at(-1);
    const isName = level?.names !== undefined && isBeforeColon(text, index + token.length);
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
        fault("Half a surrogate pair is not a character; write the whole pair.");
      if (isName && level.names?.has(string)) fault("This member appears twice; leave one out.");
      if (isName) level.names?.add(string);
    } else if (/^[-\d]/.test(token) && !agreed(token))
      fault("This number is too large, or too exact, for JSON readers to agree on.");
  }
  if (faults.length > 0) throw new StrictJsonError("not-strict", faults.map(visible));
  return value;
}

const COLON = /\s*:/y;

function isBeforeColon(text: string, at: number): boolean {
  COLON.lastIndex = at;
  return COLON.test(text);
}

/** Whether a value has at most this many levels of arrays and objects. */
function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  for (const member of Object.values(value)) if (!isWithin(member, levels - 1)) return false;
  return true;
}

/**
 * Whether a text is what `JSON.stringify` writes for its value, as most texts are. It then names no
 * member twice, its numbers are canonical, and half a surrogate pair is an escape. To see that costs a
 * fraction of reading the text token by token.
 * https://tc39.es/ecma262/#sec-quotejsonstring
 */
const isPlain = (text: string, value: unknown): boolean =>
  !text.includes("\\ud") && JSON.stringify(value) === text;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StrictJsonError("not-json", [], cause);
  }
}

/** One part of an RFC 6901 pointer. */
export const escaped = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");

/** Makes a pointer well-formed, whatever the names of its members. */
const visible = ({ pointer, detail }: StrictJsonFault): StrictJsonFault => ({
  pointer: pointer.toWellFormed(),
  detail,
});
