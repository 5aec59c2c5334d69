/** A page as the lines of a terminal. */
import type { Token, Tokens } from "marked";
import { isComment } from "./markdown.ts";
import { type Layout, type Span, spansOf, wrapSpans } from "./spans.ts";
import { tableLines } from "./table-lines.ts";

/** Lines with something before the first, and the others indented beneath it. */
function beneath(first: string, lines: readonly string[]): readonly string[] {
  const indent = " ".repeat(first.length);
  return lines.map((line, at) => (at === 0 ? first + line : line === "" ? "" : indent + line));
}

const within = (layout: Layout, indent: number): Layout => ({
  ...layout,
  width: layout.width - indent,
});

const wrapped = (spans: readonly Span[], { width, paint }: Layout) =>
  wrapSpans(spans, width, paint).map(({ text }) => text);

/** The lines of blocks, one empty line between them unless they are a tight list's. */
export function blocksLines(
  tokens: readonly Token[],
  layout: Layout,
  between: readonly string[] = [""],
): readonly string[] {
  const blocks = tokens
    .filter((token) => token.type !== "space" && token.type !== "checkbox" && !isComment(token))
    .map((token) => blockLines(token, layout));
  return blocks.flatMap((lines, at) => (at === 0 ? lines : [...between, ...lines]));
}

function blockLines(token: Token, layout: Layout): readonly string[] {
  switch (token.type) {
    case "heading":
      return headingLines(token as Tokens.Heading, layout);
    case "code":
      // A command line to copy stays whole.
      return beneath("    ", (token as Tokens.Code).text.split("\n"));
    case "list":
      return listLines(token as Tokens.List, layout);
    case "table":
      return tableLines(token as Tokens.Table, layout);
    case "blockquote":
      return beneath("  ", blocksLines((token as Tokens.Blockquote).tokens, within(layout, 2)));
    case "hr":
      return ["---"];
    default:
      return wrapped(spansOf(inlineOf(token), layout.links), layout);
  }
}

const inlineOf = (token: Token): readonly Token[] =>
  "tokens" in token && token.tokens ? token.tokens : [token];

function headingLines({ tokens, depth }: Tokens.Heading, layout: Layout): readonly string[] {
  const spans = spansOf(tokens, layout.links).map(({ text }): Span => ({ text, style: "bold" }));
  const mark: Span = { text: `${"#".repeat(depth)} `, style: "dim" };
  return wrapped([mark, ...spans], layout);
}

function listLines({ items, ordered, start, loose }: Tokens.List, layout: Layout) {
  return items.flatMap((item, at) => {
    const mark = ordered ? `${Number(start) + at}. ` : "- ";
    // A list within a tight item follows at once.
    const lines = blocksLines(item.tokens, within(layout, mark.length), loose ? [""] : []);
    return [...(loose && at > 0 ? [""] : []), ...beneath(mark, lines)];
  });
}
