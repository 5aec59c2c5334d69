/** Commands and sentences, broken into lines that fit a terminal. */

const PLAIN = /^[\w./:=@%+,-]+$/;

/** A word, quoted for a POSIX shell where it needs it. */
const quoted = (word: string): string => {
  if (PLAIN.test(word)) return word;
  return /["$`\\!]/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : `"${word}"`;
};

/** Groups the words that stay on one line: an option and its value. */
const groups = (words: readonly string[]): readonly (readonly string[])[] =>
  words.reduce<string[][]>((made, word) => {
    const last = made.at(-1);
    if (last === undefined || word.startsWith("-")) made.push([quoted(word)]);
    else last.push(quoted(word));
    return made;
  }, []);

const CONTINUED = "    ";
const ENDED = " \\";

/**
 * The command's lines, which can be pasted into a shell: broken before options, each but the last
 * ending in ` \`. An option and its value are broken too if they do not fit.
 */
export function commandLines(words: readonly string[], columns: number): readonly string[] {
  const room = columns - CONTINUED.length - ENDED.length;
  const pieces = groups(words).flatMap((group) =>
    group.join(" ").length <= room ? [group.join(" ")] : group,
  );
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const longer = last === undefined ? piece : `${last} ${piece}`;
    if (last === undefined) lines.push(piece);
    else if (longer.length + ENDED.length <= columns) lines[lines.length - 1] = longer;
    else lines.splice(-1, 1, `${last}${ENDED}`, `${CONTINUED}${piece}`);
  }
  return lines;
}

/** Breaks text between words. A word that is longer than a line stays whole, so that it can be copied. */
export function proseLines(text: string, columns: number): readonly string[] {
  const indent = /^ */.exec(text)?.[0] ?? "";
  const lines: string[] = [];
  for (const word of text.trim().split(/ +/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}
