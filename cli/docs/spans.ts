/** Text of a page with its styles, wrapped to a width. */
import type { Token } from "marked";
import type { Stream, Style } from "../terminal/screen.ts";
import { widthOf } from "../terminal/text-layout.ts";

/** Text of one style. */
export interface Span {
  readonly text: string;
  readonly style?: Style | undefined;
}

/** Links of what is shown, in the order of their numbers. */
export interface Links {
  /** The command or address that a reader follows; undefined where there is nothing to follow. */
  readonly targetOf: (href: string) => string | undefined;
  /** The number of a target; the same one each time. */
  readonly numberOf: (target: string) => number;
}

/** The place that a page is laid out for. */
export interface Layout {
  /** Columns; infinite in a pipe. */
  readonly width: number;
  readonly paint: Stream["paint"];
  readonly links: Links;
}

/** The spans of text within a paragraph, a heading or a cell. */
export const spansOf = (tokens: readonly Token[], links: Links, style?: Style): readonly Span[] =>
  tokens.flatMap((token) => spansOfToken(token, links, style));

function spansOfToken(token: Token, links: Links, style: Style | undefined): readonly Span[] {
  const within = "tokens" in token && token.tokens ? token.tokens : undefined;
  switch (token.type) {
    case "strong":
      return spansOf(within ?? [], links, "bold");
    case "codespan":
      return [{ text: `\`${softly(token["text"])}\``, style: "green" }];
    case "br":
      return [{ text: "\n" }];
    case "image":
      return [{ text: `[picture: ${token["text"]}]`, style: "dim" }];
    case "html":
      return htmlSpans(token.raw);
    case "link":
      return linkSpans(token["href"], spansOf(within ?? [], links, style), links);
    default:
      return within
        ? spansOf(within, links, style)
        : [{ text: softly("text" in token ? String(token["text"]) : token.raw), style }];
  }
}

/** A line of the source ends where its author's editor was full. */
const softly = (text: string) => text.replaceAll("\n", " ");

/** A placeholder such as `<id>` is no markup here. */
const htmlSpans = (raw: string): readonly Span[] => {
  if (/^<br\s*\/?>$/.test(raw)) return [{ text: "\n" }];
  return /^<!--/.test(raw) ? [] : [{ text: raw }];
};

function linkSpans(href: string, text: readonly Span[], links: Links): readonly Span[] {
  const target = links.targetOf(href);
  const isSaid = target === undefined || text.map((each) => each.text).join("") === target;
  return isSaid ? text : [...text, { text: ` [${links.numberOf(target)}]`, style: "dim" }];
}

/** A word: pieces of several styles that stand together. */
type Word = readonly Span[];
const widthOfWord = (word: Word) => word.reduce((sum, { text }) => sum + widthOf(text), 0);

/** The words of each line that the page itself breaks. */
function wordsOf(spans: readonly Span[]): readonly (readonly Word[])[] {
  const lines: Word[][] = [[]];
  let word: Span[] = [];
  const close = () => {
    if (word.length > 0) lines.at(-1)?.push(word);
    word = [];
  };
  for (const { text, style } of spans)
    for (const part of text.match(/\n| +|[^ \n]+/g) ?? []) {
      if (part.trim() !== "") word.push({ text: part, style });
      else close();
      if (part === "\n") lines.push([]);
    }
  close();
  return lines;
}

/** A line's words with one space between them. Neighbours of one style are painted as one. */
function painted(line: readonly Word[], paint: Stream["paint"]): string {
  const pieces: Span[] = [];
  const add = (text: string, style: Style | undefined) => {
    const last = pieces.at(-1);
    if (last && last.style === style) pieces[pieces.length - 1] = { text: last.text + text, style };
    else pieces.push({ text, style });
  };
  for (const [at, word] of line.entries())
    for (const [place, { text, style }] of word.entries()) {
      if (at > 0 && place === 0) add(" ", pieces.at(-1)?.style === style ? style : undefined);
      add(text, style);
    }
  return pieces.map(({ text, style }) => paint(style, text)).join("");
}

/** Visible width of spans on one line. */
export const widthOfSpans = (spans: readonly Span[]): number =>
  Math.max(
    ...wordsOf(spans).map((line) => line.reduce((sum, word) => sum + widthOfWord(word) + 1, -1)),
    0,
  );

/** Visible width of the longest word. */
export const widthOfWords = (spans: readonly Span[]): number =>
  Math.max(...wordsOf(spans).flatMap((line) => line.map(widthOfWord)), 0);

/** A line as it is printed, and the columns that it takes. */
export interface Line {
  readonly text: string;
  readonly width: number;
}

/** Broken between words into lines of at most `width` columns; longer words stay whole. */
export function wrapSpans(
  spans: readonly Span[],
  width: number,
  paint: Stream["paint"],
): readonly Line[] {
  return wordsOf(spans).flatMap((words) => {
    const lines: { words: Word[]; width: number }[] = [{ words: [], width: -1 }];
    for (const word of words) {
      const own = widthOfWord(word);
      const last = lines.at(-1);
      if (last && (last.words.length === 0 || last.width + 1 + own <= width)) {
        last.words.push(word);
        last.width += 1 + own;
      } else lines.push({ words: [word], width: own });
    }
    return lines.map((line) => ({
      text: painted(line.words, paint),
      width: Math.max(0, line.width),
    }));
  });
}
