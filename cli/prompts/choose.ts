import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Stream } from "../terminal/screen.ts";
import { type Column, renderTable } from "../terminal/table.ts";
import type { Prompt, Reading } from "./prompt.ts";

interface Choice<Option> {
  /** The noun for the choice: `Cluster`. */
  readonly what: string;
  readonly options: readonly Option[];
  /** By which an option can be chosen, as well as by its number. */
  readonly nameOf: (option: Option) => string;
  readonly columns: readonly Column<Option>[];
}

/** One of the options, by number or name. The only one is taken without a question, and shown. */
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
