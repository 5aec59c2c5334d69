/** A list at a terminal: arrows move in it, and typed text searches it. */
import type { Readable, Writable } from "node:stream";
import type { KeypressEvent } from "@inquirer/core";

/** An option, with what it can be found by. */
export interface PickRow<Value> {
  readonly value: Value;
  /** Its lines on the screen: the first one, and what is folded below it. */
  readonly lines: readonly string[];
  /** The name by which people know it; it is shown once it is chosen. */
  readonly name: string;
}

export interface PickList<Value> {
  /** The noun for the choice: `Cluster`. */
  readonly what: string;
  /** The titles above the lines. */
  readonly head: string;
  readonly rows: readonly PickRow<Value>[];
  /** How many lines of rows fit on the screen. */
  readonly height: number;
}

/** Stands before the row that Enter chooses. */
export const MARK = "> ";
const UNMARKED = " ".repeat(MARK.length);

const KEYS = "↑↓ move, text or a number searches, Enter chooses, Ctrl-C stops.";

/**
 * Shows a list until somebody chooses. The first row is marked at the beginning.
 *
 * @returns undefined where they stop it with Ctrl-C or Ctrl-D
 */
export async function pick<Value>(
  input: Readable,
  output: Writable,
  list: PickList<Value>,
): Promise<Value | undefined> {
  // Loaded here: most commands ask nothing, and their start is not to wait for it.
  const { AbortPromptError, createPrompt, ExitPromptError, ...hooks } = await import(
    "@inquirer/core"
  );
  const ended = new AbortController();
  // The library waits for ever where a Ctrl-D closes its input.
  const onKey = (_text: string, key: KeypressEvent) => {
    if (key.ctrl && key.name === "d") ended.abort();
  };
  input.on("keypress", onKey);
  const ask = createPrompt<Value, PickList<Value>>((shown, done) => screenOf(hooks, shown, done));
  try {
    return await ask(list, { input, output, signal: ended.signal });
  } catch (error) {
    if (error instanceof ExitPromptError || error instanceof AbortPromptError) return undefined;
    throw error;
  } finally {
    input.off("keypress", onKey);
  }
}

type Hooks = Pick<
  typeof import("@inquirer/core"),
  "isDownKey" | "isEnterKey" | "isTabKey" | "isUpKey" | "useKeypress" | "usePagination" | "useState"
>;

/** The line with what was typed, and the rows below it. */
function screenOf<Value>(
  { useKeypress, usePagination, useState, ...is }: Hooks,
  { what, head, rows, height }: PickList<Value>,
  done: (value: Value) => void,
): string | [string, string] {
  const [typed, setTyped] = useState("");
  const [marked, setMarked] = useState(0);
  const [chosen, setChosen] = useState<PickRow<Value>>();
  const found = rowsFoundBy(rows, typed);
  const row = found[marked];
  useKeypress((key, line) => {
    const put = (text: string) => {
      line.clearLine(0);
      line.write(text);
      setTyped(text);
    };
    if (is.isEnterKey(key)) {
      if (row === undefined) return put(typed);
      setChosen(row);
      done(row.value);
    } else if (is.isTabKey(key)) {
      put(row?.name ?? typed);
      setMarked(0);
    } else if (is.isUpKey(key) || is.isDownKey(key)) {
      put(typed);
      setMarked(Math.max(0, Math.min(found.length - 1, marked + (is.isUpKey(key) ? -1 : 1))));
    } else {
      setTyped(line.line);
      setMarked(0);
    }
  });
  const page = usePagination({
    items: found,
    active: marked,
    renderItem: ({ item, isActive }) =>
      item.lines.map((text, at) => `${isActive && at === 0 ? MARK : UNMARKED}${text}`).join("\n"),
    pageSize: height,
    loop: false,
  });
  if (chosen) return `${what}: ${chosen.name}`;
  const noMatch = `${UNMARKED}No match for "${typed}".`;
  return [
    `${what}: ${typed}`,
    `${UNMARKED}${head}\n${found.length === 0 ? noMatch : page}\n${KEYS}`,
  ];
}

/** Best first: the whole name, its number in the list, how its name begins, and any part of its lines. */
export function rowsFoundBy<Value>(
  rows: readonly PickRow<Value>[],
  typed: string,
): readonly PickRow<Value>[] {
  const text = typed.trim().toLowerCase();
  if (text === "") return rows;
  const tests: readonly ((row: PickRow<Value>, at: number) => boolean)[] = [
    ({ name }) => name.toLowerCase() === text,
    (_row, at) => String(at + 1) === text,
    ({ name }) => name.toLowerCase().startsWith(text),
    ({ name, lines }) => [name, ...lines].some((line) => line.toLowerCase().includes(text)),
  ];
  const rank = (row: PickRow<Value>, at: number) => tests.findIndex((test) => test(row, at));
  return rows
    .map((row, at) => ({ row, rank: rank(row, at) }))
    .filter(({ rank: found }) => found >= 0)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ row }) => row);
}
