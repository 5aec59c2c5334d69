import type { Stream, Style } from "./screen.ts";
import { padTo, truncate, widthOf } from "./text-layout.ts";

export interface Column<Row> {
  readonly title: string;
  /** Visible text on one line. */
  readonly text: (row: Row) => string;
  readonly style?: (row: Row) => Style | undefined;
  /** The column may shrink to this width; without it, it keeps its own. */
  readonly least?: number;
  /** Goes below its row where the table is too wide: the columns of 1 first, then those of 2. */
  readonly folds?: 1 | 2;
}

const GAP = "  ";

/** An aligned table that fits its stream: columns fold, then shrink, and `…` marks what was cut. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  stream: Pick<Stream, "columns" | "paint">,
): string {
  const table = tableLines(rows, columns, stream);
  return [table.head, ...table.rows.flat(), ""].join("\n");
}

export interface TableLines {
  /** The titles. */
  readonly head: string;
  /** The lines of each row: its own, and what is folded below it. */
  readonly rows: readonly (readonly string[])[];
}

/** The lines of such a table. */
export function tableLines<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  stream: Pick<Stream, "columns" | "paint">,
): TableLines {
  const natural = new Map(
    columns.map((column) => [
      column,
      Math.max(...[column.title, ...rows.map(column.text)].map(widthOf)),
    ]),
  );
  const stages = stagesFolded(columns, natural, stream.columns);
  const main = columns.filter(({ folds }) => folds === undefined || !stages.includes(folds));
  const widths = shrunk(main, natural, stream.columns - gaps(main));
  const line = (
    cell: (column: Column<Row>, padded: string) => string,
    textOf: (c: Column<Row>) => string,
  ) =>
    main
      .map((column, at) => {
        const width = widths[at] ?? 0;
        const text = truncate(textOf(column), width);
        return cell(column, at === main.length - 1 ? text : padTo(text, width));
      })
      .join(GAP)
      .trimEnd();
  const beneath = (row: Row) =>
    stages
      .map((stage) => columns.filter(({ folds }) => folds === stage).map(({ text }) => text(row)))
      .map((cells) => truncate(GAP + cells.join(GAP), stream.columns).trimEnd())
      .filter((text) => text !== "");
  return {
    head: line(
      (_column, title) => stream.paint("dim", title),
      ({ title }) => title,
    ),
    rows: rows.map((row) => [
      line(
        ({ style }, text) => stream.paint(style?.(row), text),
        ({ text }) => text(row),
      ),
      ...beneath(row),
    ]),
  };
}

const gaps = (columns: readonly unknown[]) => (columns.length - 1) * GAP.length;

/** The stages that have to fold before the rest fits, the one nearest to its row first. */
function stagesFolded<Row>(
  columns: readonly Column<Row>[],
  natural: ReadonlyMap<Column<Row>, number>,
  available: number,
): readonly number[] {
  const fits = (folded: readonly number[], widthOfColumn: (column: Column<Row>) => number) => {
    const left = columns.filter(({ folds }) => folds === undefined || !folded.includes(folds));
    return left.reduce((sum, column) => sum + widthOfColumn(column), gaps(left)) <= available;
  };
  const whole = (column: Column<Row>) => natural.get(column) ?? 0;
  const least = (column: Column<Row>) => Math.min(column.least ?? Infinity, whole(column));
  if (fits([], whole)) return [];
  return fits([1], least) ? [1] : [2, 1];
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
