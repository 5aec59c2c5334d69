/** A terminal of given size, what was written to it, and somebody who types at it. */
import { PassThrough } from "node:stream";
import type { Api } from "../../cli/api/api-client.ts";
import type { Call } from "../../cli/api/call.ts";
import type { Context } from "../../cli/context.ts";
import { openPrompt, type Prompt } from "../../cli/prompts/prompt.ts";
import type { Stream } from "../../cli/terminal/screen.ts";

export const NOW = "2026-11-24T10:05:00.000Z";

interface Setting {
  readonly columns?: number;
  readonly rows?: number;
  readonly interactive?: boolean;
  readonly json?: boolean;
  readonly api?: Api;
  readonly prompt?: Prompt;
}

export interface FakeTerminal {
  readonly context: Context;
  /** Every piece of text, in order, whichever stream it was for. */
  readonly written: readonly string[];
}

export function fakeTerminal(setting: Setting = {}): FakeTerminal {
  const { columns = 80, rows = 24, interactive = false, json = false, api, prompt } = setting;
  const written: string[] = [];
  const stream: Stream = {
    columns,
    rows,
    terminal: true,
    write: (text) => {
      written.push(text);
    },
    paint: (_style, text) => text,
  };
  const context: Context = {
    json,
    screen: { out: stream, err: stream, interactive },
    now: () => NOW,
    prompt: () => {
      if (!prompt) throw new Error("Nobody sits at this terminal.");
      return prompt;
    },
    api: async () => {
      if (!api) throw new Error("There is no API for this.");
      return api;
    },
  };
  return { context, written };
}

/** Answers by a function; what it throws is thrown. Calls are kept. */
export function fakeApi(answer: (call: Call) => unknown): Api & { readonly calls: Call[] } {
  const calls: Call[] = [];
  return {
    address: "https://api.example.com",
    calls,
    send: async <Answer>(call: Call) => {
      calls.push(call);
      return answer(call) as Answer;
    },
  };
}

export interface Typist {
  readonly prompt: Prompt;
  /** Waits for text that was not there before the last answer, then types a line. */
  answer(question: string, line: string): Promise<void>;
  /** Types keys as they are, once the text is there. */
  press(question: string, keys: string): Promise<void>;
  /** What the prompt wrote. */
  shown(): string;
  /** Whether the terminal passes keys on one by one, without their ordinary meaning. */
  raw(): boolean;
}

/** Somebody at a terminal whose keys reach readline one by one, as they do in a real one. */
export function typist(): Typist {
  let raw = false;
  let shown = "";
  let seen = 0;
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => {
      raw = mode;
    },
  });
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200 });
  output.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
  });
  const press = async (question: string, keys: string) => {
    while (!shown.slice(seen).includes(question))
      await new Promise((resolve) => output.once("data", resolve));
    seen = shown.length;
    input.write(keys);
  };
  return {
    prompt: openPrompt(input, output),
    press,
    answer: (question, line) => press(question, `${line}\r`),
    shown: () => shown,
    raw: () => raw,
  };
}
