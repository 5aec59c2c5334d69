/** A table of a page, whose cells wrap so that it fits its terminal. */
import type { Tokens } from "marked";
import {
  type Layout,
  type Line,
  type Span,
  spansOf,
  widthOfSpans,
  widthOfWords,
  wrapSpans,
} from "./spans.ts";

const GAP = "  ";
/** A longer word stands out of its column. */
const LONGEST_WORD = 36;

type Cells = readonly (readonly Span[])[];

export function tableLines(table: Tokens.Table, layout: Layout): readonly string[] {
  const cellsOf = (row: readonly Tokens.TableCell[]): Cells =>
    row.map(({ tokens }) => spansOf(tokens, layout.links));
  const header = cellsOf(table.header).map((spans) =>
    spans.map(({ text }): Span => ({ text, style: "dim" })),
  );
  const rows = table.rows.map(cellsOf);
  const named = header.some((spans) => widthOfSpans(spans) > 0);
  const all = named ? [header, ...rows] : rows;
  const widths = widthsOf(all, layout.width);
  if (widths === undefined) return stackedLines(header, rows, layout);
  const laidOut = all.map((cells) => rowLines(cells, widths, layout));
  // Between rows of several lines, an empty one shows where the next begins.
  const isTall = laidOut.some((lines) => lines.length > 1);
  return laidOut.flatMap((lines, at) => (isTall && at > 0 ? ["", ...lines] : lines));
}

/** The columns' widths; undefined where the columns do not fit side by side. */
function widthsOf(rows: readonly Cells[], width: number): readonly number[] | undefined {
  const columns = rows[0]?.length ?? 0;
  const widest = (measure: (spans: readonly Span[]) => number) =>
    Array.from({ length: columns }, (_, at) =>
      Math.max(...rows.map((cells) => measure(cells[at] ?? []))),
    );
  const least = widest(widthOfWords).map((each) => Math.min(each, LONGEST_WORD));
  const room = width - GAP.length * (columns - 1);
  const widths = widest(widthOfSpans);
  // The widest gives way, but for its longest word, until all fit.
  for (let excess = sum(widths) - room; excess > 0; excess -= 1) {
    const spare = widths.map((each, at) => (each > (least[at] ?? 0) ? each : 0));
    const at = spare.indexOf(Math.max(...spare));
    if (spare[at] === 0) return undefined;
    widths[at] = (widths[at] ?? 0) - 1;
  }
  return widths;
}

const sum = (widths: readonly number[]) => widths.reduce((whole, each) => whole + each, 0);

function rowLines(cells: Cells, widths: readonly number[], { paint }: Layout): readonly string[] {
  const columns = cells.map((spans, at) => wrapSpans(spans, widths[at] ?? 0, paint));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, line) =>
    columns
      .map((lines, at) => padded(lines[line], widths[at] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

const padded = (line: Line | undefined, width: number) =>
  `${line?.text ?? ""}${" ".repeat(Math.max(0, width - (line?.width ?? 0)))}`;

/** Each row as a paragraph for each cell, the column's name before it. */
function stackedLines(header: Cells, rows: readonly Cells[], layout: Layout): readonly string[] {
  return rows.flatMap((cells, at) => [
    ...(at === 0 ? [] : [""]),
    ...cells.flatMap((spans, column) => {
      const name = header[column] ?? [];
      const lead = name.length === 0 ? [] : [...name, { text: ": ", style: "dim" as const }];
      return wrapSpans([...lead, ...spans], layout.width, layout.paint).map(({ text }) => text);
    }),
  ]);
}
