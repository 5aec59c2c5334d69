/** The lines of a file, in bounded memory. */

/** One line without its line end, or that it is longer than anything that is kept. */
export interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Undefined for a line that is too long. */
  readonly bytes: Buffer | undefined;
}

const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** The lines of a stream of bytes but empty ones. A line beyond `longest` bytes is not kept. */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  longest: number,
): AsyncGenerator<Line> {
  let number = 1;
  let parts: Buffer[] = [];
  let length = 0;
  const take = (part: Buffer) => {
    length += part.length;
    if (length > longest) parts = [];
    else parts.push(part);
  };
  const line = (): Line => {
    const [only] = parts;
    const one = parts.length === 1 ? only : Buffer.concat(parts, length);
    const whole = length > longest ? undefined : one;
    const bytes = whole?.at(-1) === RETURN ? whole.subarray(0, -1) : whole;
    parts = [];
    length = 0;
    return { number: number++, bytes };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      // A small file may grow to a thousand million of them.
      if (end === from && length === 0) number += 1;
      else {
        take(chunk.subarray(from, end));
        yield line();
      }
      from = end + 1;
    }
    take(chunk.subarray(from));
  }
  if (length > 0) yield line();
}
