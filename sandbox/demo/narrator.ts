/** Tells the story while it happens: to a person at a terminal, or into a log. */
import { styleText } from "node:util";
import { clockText } from "./clock-text.ts";
import { commandLines, proseLines } from "./command-text.ts";
import type { Exchange } from "./exchange.ts";

type Style = Parameters<typeof styleText>[0];

export interface Narrator {
  /** What it is all about, before it begins. */
  opening(text: string): void;
  heading(title: string): void;
  /** A command and its output. */
  exchange(exchange: Exchange<unknown>): void;
  done(detail: string): void;
  failed(detail: string): void;
  note(text: string): void;
  /** What is waited for; on a terminal, with the time that is left. Answers how to end it. */
  waiting(text: string, until: number): () => void;
}

/** A log's lines are as long as a wide terminal's. */
const LOG_COLUMNS = 100;
const ANSWER = "    ";

/** The environment may refuse colour: https://no-color.org */
export function narrator(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Narrator {
  const terminal = stream.isTTY === true;
  const painting = terminal && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const paint = (style: Style, text: string) =>
    painting ? styleText(style, text, { validateStream: false }) : text;
  const columns = () => (terminal && stream.columns > 0 ? stream.columns : LOG_COLUMNS);
  const write = (lines: readonly string[]) => void stream.write(`${lines.join("\n")}\n`);
  /** Text behind a mark, its further lines under the first. */
  const marked = (mark: string, style: Style, text: string) => {
    const room = columns() - mark.length - 1;
    const lines = text.split("\n").flatMap((line) => proseLines(line, room));
    write(
      lines.map((line, index) =>
        paint(style, `${index === 0 ? mark : " ".repeat(mark.length)} ${line}`),
      ),
    );
  };
  return {
    opening: (text) => write(proseLines(text, columns())),
    heading: (title) => {
      const time = clockText(Date.now());
      write(["", `${paint("dim", time)}  ${paint("bold", title)}`]);
    },
    exchange({ command, output }) {
      const room = columns() - ANSWER.length;
      const [prompt, [first = "", ...rest]] =
        typeof command === "string"
          ? ["→", proseLines(command, room)]
          : ["$", commandLines(command, room)];
      write([`  ${paint("dim", prompt)} ${paint("cyan", first)}`]);
      for (const line of rest) write([`${ANSWER}${paint("cyan", line)}`]);
      for (const line of output) write(proseLines(`${ANSWER}${line}`, columns()));
    },
    done: (detail) => marked("  ✔", "green", detail),
    failed: (detail) => marked("  ✘", "red", detail),
    note: (text) => marked("  ·", "dim", text),
    waiting(text, until) {
      if (!terminal) {
        if (until > Date.now()) write([`  … ${text}`]);
        return () => {};
      }
      const show = () => {
        const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
        // The count first: it must not be what a narrow terminal cuts off.
        const line = `  … ${left} s: ${text}`.slice(0, columns() - 1);
        stream.write(`\r\u001b[K${paint("dim", line)}`);
      };
      show();
      const timer = setInterval(show, 250);
      return () => {
        clearInterval(timer);
        stream.write("\r\u001b[K");
      };
    },
  };
}
