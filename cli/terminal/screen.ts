import { styleText } from "node:util";
import { EXIT_CODES } from "../failures/exit-codes.ts";

/** Help is no wider than this, since long lines are hard to read. In columns. */
export const HELP_COLUMNS = 80;

export type Style = "bold" | "dim" | "green" | "red" | "yellow";

/** One output stream, and what it can show. */
export interface Stream {
  write(text: string): void;
  /** Width in columns; infinite without a terminal, so that nothing is cut off in a pipe. */
  readonly columns: number;
  /** Height in lines; infinite without a terminal. */
  readonly rows: number;
  /** Whether lines may be rewritten in place. */
  readonly terminal: boolean;
  paint(style: Style | undefined, text: string): string;
}

export interface Screen {
  readonly out: Stream;
  readonly err: Stream;
  /** Whether somebody can answer a question: standard input and standard error are a terminal. */
  readonly interactive: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colour is for terminals, unless NO_COLOR refuses it: https://no-color.org */
const mayPaint = (env: Environment) => !env["NO_COLOR"] && env["TERM"] !== "dumb";

function streamOf(stream: NodeJS.WriteStream, env: Environment): Stream {
  const terminal = stream.isTTY === true;
  const painting = terminal && mayPaint(env);
  return {
    write: (text) => {
      stream.write(text);
    },
    get columns() {
      return terminal && stream.columns > 0 ? stream.columns : Number.POSITIVE_INFINITY;
    },
    get rows() {
      return terminal && stream.rows > 0 ? stream.rows : Number.POSITIVE_INFINITY;
    },
    terminal,
    paint: (style, text) =>
      painting && style ? styleText(style, text, { validateStream: false }) : text,
  };
}

/** The process's own streams. */
export function processScreen(env: Environment): Screen {
  return {
    out: streamOf(process.stdout, env),
    err: streamOf(process.stderr, env),
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  };
}

/** A reader that stops reading (`timelatch list | head`) is no error. */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    process.exit(error.code === "EPIPE" ? EXIT_CODES.done.code : EXIT_CODES.unexpected.code);
  });
}
