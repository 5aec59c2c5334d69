/** Reads the elements of a list in a JSON document one by one. Memory holds one of them. */

/** One element of a list. */
export interface Listed {
  /** The text, not parsed; undefined where it is longer than anything that is kept. */
  readonly text: string | undefined;
  /** The list's name. */
  readonly list: string;
}

/** A document that has no such list, or does not end as it begins. */
export class NotListed extends Error {}

/**
 * Elements of the lists that are members of the document itself. They are not parsed.
 *
 * @param names of the lists
 * @throws NotListed
 */
export async function* listedIn(
  chunks: AsyncIterable<Buffer>,
  names: ReadonlySet<string>,
  longest: number,
): AsyncGenerator<Listed> {
  const marks = marksIn(names);
  let parts: Buffer[] = [];
  let length = 0;
  let wantsAll = true;
  const keep = (part: Buffer) => {
    length += part.length;
    if (length > longest) parts = [];
    else parts.push(part);
  };
  const take = (): string | undefined => {
    const text = length > longest ? undefined : Buffer.concat(parts).toString("utf8");
    parts = [];
    length = 0;
    return text;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (!wantsAll && MEANS[byte] === 0) continue;
      const mark = marks.next(byte);
      wantsAll = marks.wantsAll();
      if (mark === undefined) continue;
      if (mark !== "begins") keep(chunk.subarray(from, at));
      from = at + 1;
      const text = take();
      const isNone = mark === "begins" || (mark === "is-over" && text?.trim() === "");
      if (!isNone) yield { text, list: marks.list() };
    }
    if (marks.isInList()) keep(chunk.subarray(from));
  }
  marks.end();
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [LIST, LIST_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
/** Not 0 for a byte that may change the depth, a string or the list: few of a document's do. */
const MEANS = new Uint8Array(256);
for (const byte of [QUOTE, BACKSLASH, COLON, COMMA, LIST, LIST_END, OBJECT, OBJECT_END])
  MEANS[byte] = 1;
const LONGEST_NAME = 32;

/** A list begins; an element of it ends; the list ends, and with it perhaps an element. */
type Mark = "begins" | "ends" | "is-over" | undefined;

/** Follows the depth and the strings of a document, byte by byte. */
function marksIn(names: ReadonlySet<string>) {
  let [depth, isEscaped, isInString, isInList] = [0, false, false, false];
  let [hasList, isOver, word, name] = [false, false, "", ""];
  const inString = (byte: number): undefined => {
    if (isEscaped) isEscaped = false;
    else if (byte === BACKSLASH) isEscaped = true;
    else if (byte === QUOTE) isInString = false;
    else if (depth === 1 && word.length < LONGEST_NAME) word += String.fromCharCode(byte);
  };
  const opens = (byte: number): Mark => {
    depth += 1;
    if (byte !== LIST || depth !== 2 || !names.has(name)) return undefined;
    [hasList, isInList] = [true, true];
    return "begins";
  };
  const closes = (): Mark => {
    depth -= 1;
    isOver = depth === 0;
    if (!isInList || depth !== 1) return undefined;
    isInList = false;
    return "is-over";
  };
  return {
    next(byte: number): Mark {
      if (isInString) return inString(byte);
      if (depth === 0 && !isSpace(byte) && (byte !== OBJECT || isOver)) throw new NotListed();
      if (byte === LIST || byte === OBJECT) return opens(byte);
      if (byte === LIST_END || byte === OBJECT_END) return closes();
      if (byte === QUOTE) [isInString, word] = [true, ""];
      else if (byte === COLON && depth === 1) name = word;
      return byte === COMMA && isInList && depth === 2 ? "ends" : undefined;
    },
    /** Whether a byte of no meaning counts too: of a name, behind a backslash, outside of the document. */
    wantsAll: () => depth < 2 || isEscaped,
    isInList: () => isInList,
    list: () => name,
    /** @throws NotListed */
    end() {
      if (!hasList || !isOver) throw new NotListed();
    },
  };
}
