import type { Stream, Style } from "./screen.ts";
import { padTo, truncate, widthOf } from "./visible-text.ts";

export interface Column<Row> {
  readonly title: string;
  /** Visible text on one line. */
  readonly text: (row: Row) => string;
  readonly style?: (row: Row) => Style | undefined;
  /** The column may shrink to this width; without it, it keeps its own. */
  readonly least?: number;
  /** Goes to a second line of its row where the table is too wide. */
  readonly folds?: true;
}

const GAP = "  ";

/** An aligned table that fits its stream: columns fold, then shrink, and `…` marks what was cut. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  stream: Pick<Stream, "columns" | "paint">,
): string {
  const natural = new Map(
    columns.map((column) => [
      column,
      Math.max(...[column.title, ...rows.map(column.text)].map(widthOf)),
    ]),
  );
  const total = (of: readonly Column<Row>[]) =>
    of.reduce((sum, column) => sum + (natural.get(column) ?? 0), (of.length - 1) * GAP.length);
  const folded = total(columns) > stream.columns ? columns.filter(({ folds }) => folds) : [];
  const main = columns.filter((column) => !folded.includes(column));
  const widths = shrunk(main, natural, stream.columns - (main.length - 1) * GAP.length);
  const line = (cell: (column: Column<Row>) => string, style: Style | undefined, row?: Row) => {
    const cells = main.map((column, at) => {
      const width = widths[at] ?? 0;
      const text = truncate(cell(column), width);
      const padded = at === main.length - 1 ? text : padTo(text, width);
      return stream.paint(row === undefined ? style : column.style?.(row), padded);
    });
    return cells.join(GAP).trimEnd();
  };
  const beneath = (row: Row) =>
    folded.length === 0
      ? []
      : [truncate(GAP + folded.map(({ text }) => text(row)).join(GAP), stream.columns).trimEnd()];
  return [
    line(({ title }) => title, "dim"),
    ...rows.flatMap((row) => [line(({ text }) => text(row), undefined, row), ...beneath(row)]),
    "",
  ].join("\n");
}

/** Takes from the widest column that may shrink until all fit, or none may shrink further. */
function shrunk<Row>(
  columns: readonly Column<Row>[],
  natural: ReadonlyMap<Column<Row>, number>,
  available: number,
): readonly number[] {
  const widths = columns.map((column) => natural.get(column) ?? 0);
  const room = (at: number) => (widths[at] ?? 0) - (columns[at]?.least ?? widths[at] ?? 0);
  let excess = widths.reduce((sum, width) => sum + width, 0) - available;
  while (excess > 0) {
    const widest = columns
      .map((_column, at) => at)
      .filter((at) => room(at) > 0)
      .toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}
