/** Visible text, measured and laid out for a terminal. */

/** Two columns in a terminal: East Asian wide and fullwidth forms, and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NARROWEST = /\p{Mn}|\p{Me}/u;

const columnsOf = (char: string) => (NARROWEST.test(char) ? 0 : WIDE.test(char) ? 2 : 1);

/** Terminal columns that visible text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) width += columnsOf(char);
  return width;
}

/** The text, cut to at most `width` columns; `…` stands for what was cut off. */
export function truncate(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const char of text) {
    used += columnsOf(char);
    if (used > width - 1) break;
    kept += char;
  }
  return width < 1 ? "" : `${kept}…`;
}

/** Padded with spaces to `width` columns. */
export const padTo = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - widthOf(text)));

/**
 * A command line to copy is one word, else it would not survive being copied. The command's name
 * before a failure stays with what follows, however long a path that is.
 */
const WORDS =
  /^timelatch: [^ ]+|timelatch (?:docs [^ ]+|\w+ [\da-f-]{36})|node_modules\/\.bin\/cdk .*|[^ ]+/g;

/** Broken between words into lines of at most `width` columns; longer words stay whole. */
export function wrap(text: string, width: number): readonly string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(WORDS) ?? []) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

/** Every line of a text wrapped beneath its own indent. */
export const wrapLines = (text: string, width: number): string =>
  text
    .split("\n")
    .flatMap((line) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      return wrap(line.slice(indent.length), width - indent.length).map((part) => indent + part);
    })
    .join("\n");
