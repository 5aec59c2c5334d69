/** A page as the parts of its Markdown, and the sections that links lead to. */
import { Lexer, type Token, type Tokens } from "marked";

/** A page or a section of it. */
export interface Section {
  readonly title: string;
  readonly tokens: readonly Token[];
}

export const tokensOf = (text: string): readonly Token[] => new Lexer({ gfm: true }).lex(text);

const isHeading = (token: Token): token is Tokens.Heading => token.type === "heading";

/** The anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** Visible text of a heading, or of any other line. */
export const plainText = (tokens: readonly Token[]): string =>
  tokens
    .map((each) => ("tokens" in each && each.tokens ? plainText(each.tokens) : textOf(each)))
    .join("");

const textOf = (token: Token): string => ("text" in token ? token.text : token.raw);

/** Every heading with its anchor; a second one of the same words has `-1`, as on GitHub. */
export function headingsOf(tokens: readonly Token[]) {
  const seen = new Map<string, number>();
  return tokens.flatMap((token, at) => {
    if (!isHeading(token)) return [];
    const title = plainText(token.tokens);
    const anchor = anchorOf(title);
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return [{ at, depth: token.depth, title, anchor: times === 0 ? anchor : `${anchor}-${times}` }];
  });
}

/** @throws nothing; a page without a heading has its own name as the title */
export const wholePage = (tokens: readonly Token[], name: string): Section => ({
  title: headingsOf(tokens)[0]?.title ?? name,
  tokens,
});

/** The part beneath one heading, with it; undefined where no heading has the anchor. */
export function sectionAt(tokens: readonly Token[], anchor: string): Section | undefined {
  const headings = headingsOf(tokens);
  const place = headings.findIndex((each) => each.anchor === anchorOf(anchor));
  const from = headings[place];
  if (from === undefined) return undefined;
  const next = headings.slice(place + 1).find(({ depth }) => depth <= from.depth);
  return { title: from.title, tokens: tokens.slice(from.at, next?.at) };
}

/** The Markdown itself, without the comments that only our tools read. */
export const sourceOf = (tokens: readonly Token[]): string =>
  `${tokens
    .filter((token) => !isComment(token))
    .map(({ raw }) => raw)
    .join("")
    .trim()}\n`;

export const isComment = (token: Token): boolean =>
  token.type === "html" && /^<!--[\s\S]*-->\s*$/.test(token.raw);
