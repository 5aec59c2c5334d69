/** Prints the demo while it runs, for a terminal or a log. */
import { styleText } from "node:util";
import { clockText } from "./clock-text.ts";
import { commandLines, proseLines } from "./command-text.ts";
import type { Exchange } from "./exchange.ts";

type Style = Parameters<typeof styleText>[0];

export interface Narrator {
  /** Prints the demo's introduction. */
  opening(text: string): void;
  heading(title: string): void;
  /** A command and its output. */
  exchange(exchange: Exchange<unknown>): void;
  done(detail: string): void;
  failed(detail: string): void;
  note(text: string): void;
  /**
   * Says what the demo waits for; on a terminal, with a countdown. Answers a function that ends it.
   */
  waiting(text: string, until: number): () => void;
}

/** The line length of a log. */
const LOG_COLUMNS = 100;
const INDENT = "    ";

/** How a stream is written to: in colours on a terminal, and in lines of its width. */
interface Paper {
  readonly terminal: boolean;
  readonly columns: () => number;
  readonly paint: (style: Style, text: string) => string;
  readonly write: (lines: readonly string[]) => void;
  /** Replaces the last line of a terminal. */
  readonly replaceLine: (text: string) => void;
}

/** Colours obey `NO_COLOR`: https://no-color.org */
function paperOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Paper {
  const terminal = stream.isTTY === true;
  const painting = terminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  return {
    terminal,
    columns: () => (terminal && stream.columns > 0 ? stream.columns : LOG_COLUMNS),
    paint: (style, text) => (painting ? styleText(style, text, { validateStream: false }) : text),
    write: (lines) => void stream.write(`${lines.join("\n")}\n`),
    replaceLine: (text) => void stream.write(`\r\u001b[K${text}`),
  };
}

export function narrator(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Narrator {
  const paper = paperOf(stream, env);
  const { columns, paint, write } = paper;
  return {
    opening: (text) => write(proseLines(text, columns())),
    heading: (title) => {
      const time = clockText(Date.now());
      write(["", `${paint("dim", time)}  ${paint("bold", title)}`]);
    },
    exchange: (exchange) => writeExchange(paper, exchange),
    done: (detail) => writeMarked(paper, "  ✔", "green", detail),
    failed: (detail) => writeMarked(paper, "  ✘", "red", detail),
    note: (text) => writeMarked(paper, "  ·", "dim", text),
    waiting: (text, until) => countDown(paper, text, until),
  };
}

/** Text after a mark, its further lines indented under the first. */
function writeMarked({ columns, paint, write }: Paper, mark: string, style: Style, text: string) {
  const room = columns() - mark.length - 1;
  const lines = text.split("\n").flatMap((line) => proseLines(line, room));
  write(
    lines.map((line, index) =>
      paint(style, `${index === 0 ? mark : " ".repeat(mark.length)} ${line}`),
    ),
  );
}

function writeExchange(
  { columns, paint, write }: Paper,
  { person = "", command, output }: Exchange<unknown>,
): void {
  const prompt = typeof command === "string" ? "→" : `${person}$`;
  const room = columns() - Math.max(INDENT.length, prompt.length + 3);
  const [first = "", ...rest] =
    typeof command === "string" ? proseLines(command, room) : commandLines(command, room);
  write([`  ${paint("dim", prompt)} ${paint("cyan", first)}`]);
  for (const line of rest) write([`${INDENT}${paint("cyan", line)}`]);
  for (const line of output) write(proseLines(`${INDENT}${line}`, columns()));
}

function countDown(paper: Paper, text: string, until: number): () => void {
  const { terminal, columns, paint, write, replaceLine } = paper;
  if (!terminal) {
    // Also where the instant has passed: a slow machine prints the same lines.
    write([`  … ${text}`]);
    return () => {};
  }
  const show = () => {
    const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    // The count comes first, so that a narrow terminal does not cut it off.
    replaceLine(paint("dim", `  … ${left} s: ${text}`.slice(0, columns() - 1)));
  };
  show();
  const timer = setInterval(show, 250);
  return () => {
    clearInterval(timer);
    replaceLine("");
  };
}
