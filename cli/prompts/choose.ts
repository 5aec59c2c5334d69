import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Stream } from "../terminal/screen.ts";
import { type Column, renderTable, tableLines } from "../terminal/table.ts";
import { MARK } from "./pick.ts";
import type { Prompt, Reading } from "./prompt.ts";

interface Choice<Option> {
  /** The noun for the choice: `Cluster`. */
  readonly what: string;
  readonly options: readonly Option[];
  /** An option can be chosen by it, and by its number. */
  readonly nameOf: (option: Option) => string;
  readonly columns: readonly Column<Option>[];
}

/** Rows of the screen that are not the list's: the line that is typed, titles, keys, and what stands above. */
const OTHER_ROWS = 6;
const MOST_ROWS = 15;

/**
 * One of the options: from a list, or by number or name where the terminal cannot redraw one. The only one is taken
 * without a question, and shown.
 */
export async function chooseOne<Option>(
  prompt: Prompt,
  err: Stream,
  { what, options, nameOf, columns }: Choice<Option>,
): Promise<Option> {
  const [only] = options;
  const numbered: readonly Column<Option>[] = [
    { title: "#", text: (option) => String(options.indexOf(option) + 1) },
    ...columns,
  ];
  if (only !== undefined && options.length === 1) {
    err.write(`${what}: ${visible(nameOf(only))} (the only one)\n\n`);
    return only;
  }
  if (prompt.pick) {
    const { head, rows } = tableLines(options, numbered, {
      columns: err.columns - MARK.length,
      paint: err.paint,
    });
    return prompt.pick({
      what,
      head,
      rows: options.map((value, at) => ({
        value,
        name: visible(nameOf(value)),
        lines: rows[at] ?? [],
      })),
      height: Math.max(1, Math.min(MOST_ROWS, err.rows - OTHER_ROWS)),
    });
  }
  err.write(renderTable(options, numbered, err));
  const chosen = await prompt.ask(`${what}, by number or name: `, (line) =>
    readChoice(line, options, nameOf),
  );
  err.write("\n");
  return chosen;
}

function readChoice<Option>(
  line: string,
  options: readonly Option[],
  nameOf: (option: Option) => string,
): Reading<Option> {
  const named = options.filter((option) => nameOf(option) === line);
  const numbered = /^\d{1,3}$/.test(line) ? options[Number(line) - 1] : undefined;
  if (named.length > 1)
    return { wrong: `Several have the name ${visible(line)}: give the number.` };
  const [value = numbered] = named;
  return value === undefined
    ? { wrong: `Give a number from 1 to ${options.length}, or a name from the list.` }
    : { value };
}
