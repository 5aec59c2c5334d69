import { styleText } from "node:util";

export type Style = "bold" | "dim" | "green" | "red" | "yellow";

/** One output: what may be written to it depends on whether a person looks at it. */
export interface Stream {
  write(text: string): void;
  /** Width in columns; infinite where it is no terminal, so that nothing is cut off in a pipe. */
  readonly columns: number;
  /** Height in lines; infinite where it is no terminal. */
  readonly rows: number;
  /** Whether lines may be rewritten in place. */
  readonly terminal: boolean;
  paint(style: Style | undefined, text: string): string;
}

export interface Screen {
  readonly out: Stream;
  readonly err: Stream;
  /** Whether somebody is there to answer a question. */
  readonly interactive: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Colour is for terminals whose owner did not refuse it: https://no-color.org */
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
