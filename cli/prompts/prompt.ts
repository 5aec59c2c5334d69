import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { Failure } from "../failures/failure.ts";
import { type PickList, pick } from "./pick.ts";

/** A typed line as a value, or a sentence that says what is wrong with it. */
export type Reading<Value> = { readonly value: Value } | { readonly wrong: string };

/** Questions to somebody at a terminal. Ctrl-C and Ctrl-D end every one of them. */
export interface Prompt {
  /** Asks until the answer can be read. @throws Failure `interrupted` */
  ask<Value>(question: string, read: (line: string) => Reading<Value>): Promise<Value>;
  /** Shows a list to choose from. Missing where the terminal cannot redraw lines. @throws Failure `interrupted` */
  pick?<Value>(list: PickList<Value>): Promise<Value>;
  /** Waits for work, which Ctrl-C ends as it ends a question. @throws Failure `interrupted` */
  during<Result>(work: Promise<Result>): Promise<Result>;
  /** Gives the terminal back. */
  close(): void;
}

/**
 * A prompt that reads lines from `input`, and writes questions and what is wrong to `output`.
 *
 * @param redraws whether the terminal can redraw lines (default: yes)
 */
export function openPrompt(input: Readable, output: Writable, redraws = true): Prompt {
  let lines = openLines(input, output);
  return {
    during: (work) => lines.during(work),
    async ask(question, read) {
      for (;;) {
        const line = await lines.during(lines.next(question)).catch((error: unknown) => {
          output.write("\n");
          throw error;
        });
        const reading = read(line.trim());
        if ("value" in reading) return reading.value;
        output.write(`${reading.wrong}\n`);
      }
    },
    ...(redraws && {
      async pick<Value>(list: PickList<Value>) {
        // Two readers of one terminal would both take each key.
        lines.close();
        const picked = await pick(input, output, list);
        if (picked === undefined) throw interrupted();
        lines = openLines(input, output);
        return picked;
      },
    }),
    close: () => lines.close(),
  };
}

function openLines(input: Readable, output: Writable) {
  // No history: an answer to one question is no suggestion for another.
  const lines = createInterface({ input, output, historySize: 0 });
  const stopped = new Promise<never>((_resolve, reject) => {
    lines.once("close", () => reject(interrupted()));
  });
  // It matters only while somebody waits for an answer.
  stopped.catch(() => undefined);
  lines.once("SIGINT", () => {
    // The cursor is behind the question, or behind what was typed.
    output.write("^C");
    lines.close();
  });
  return {
    during: <Result>(work: Promise<Result>) => Promise.race([work, stopped]),
    next: (question: string) => lineOf(lines.question(question)),
    close: () => lines.close(),
  };
}

/** In some versions of Node, a closed readline rejects its question with an error of its own. */
const lineOf = (answer: Promise<string>) =>
  answer.catch(() => {
    throw interrupted();
  });

const interrupted = () =>
  new Failure("interrupted", "interrupted", {
    what: "You stopped at the prompt.",
    notDone: "Nothing was sent.",
    next: ["Next: run it again when you are ready."],
  });
