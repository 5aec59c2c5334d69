/** A terminal of a given size, the text written to it, and a person who types. */
import { PassThrough } from "node:stream";
import type { Api } from "../../cli/api/api-client.ts";
import type { Call } from "../../cli/api/call.ts";
import { storedChanges } from "../../cli/changes/stored-changes.ts";
import type { Context, Signing } from "../../cli/context.ts";
import { openPrompt, type Prompt } from "../../cli/prompts/prompt.ts";
import type { Stream } from "../../cli/terminal/screen.ts";

const NOW = "2026-11-24T10:05:00.000Z";

interface Setting {
  readonly columns?: number;
  readonly rows?: number;
  readonly interactive?: boolean;
  readonly json?: boolean;
  /** Whether its output goes into a file. */
  readonly piped?: boolean;
  readonly api?: Api;
  readonly signing?: Signing;
  readonly prompt?: Prompt;
  readonly env?: Context["env"];
}

export interface FakeTerminal {
  readonly context: Context;
  /** Every piece of text, in order, on either stream. */
  readonly written: readonly string[];
  /** The text on standard output, and on standard error. */
  out(): string;
  err(): string;
}

export function fakeTerminal(setting: Setting = {}): FakeTerminal {
  const { columns = 80, rows = 24, interactive = false, json = false, api, prompt } = setting;
  const { env = {}, piped = false } = setting;
  const written: string[] = [];
  const streams = { out: "", err: "" };
  const streamTo = (name: keyof typeof streams): Stream => ({
    columns,
    rows,
    terminal: !piped,
    write: (text) => {
      written.push(text);
      streams[name] += text;
    },
    paint: (_style, text) => text,
  });
  const context: Context = {
    json,
    env,
    stored: storedChanges(),
    screen: { out: streamTo("out"), err: streamTo("err"), interactive },
    now: () => NOW,
    prompt: () => {
      if (!prompt) throw new Error("This test has no prompt.");
      return prompt;
    },
    signing: async () => {
      if (!setting.signing) throw new Error("This test signs nothing.");
      return setting.signing;
    },
    api: async () => {
      if (!api) throw new Error("This test has no API.");
      return api;
    },
  };
  return { context, written, out: () => streams.out, err: () => streams.err };
}

/** An API that answers by a function, and throws what the function throws. It keeps the calls. */
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
  /** Waits for text that came after the last answer, then types a line. */
  answer(question: string, line: string): Promise<void>;
  /** Types keys as they are, once the text is shown. */
  press(question: string, keys: string): Promise<void>;
  /** The text that the prompt wrote. */
  shown(): string;
  /** Whether the terminal is in raw mode. */
  raw(): boolean;
}

/**
 * A person at a terminal, whose keys reach readline one by one, as in a real terminal.
 *
 * @param redraws whether the terminal redraws lines
 */
export function typist(redraws = true): Typist {
  let raw = false;
  let shown = "";
  let seen = 0;
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (mode: boolean) => {
      raw = mode;
    },
  });
  // Node marks its standard streams so: whoever pipes into them does not end them.
  const stdio = { _isStdio: true };
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200, ...stdio });
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
    prompt: openPrompt(input, output, redraws),
    press,
    answer: (question, line) => press(question, `${line}\r`),
    shown: () => shown,
    raw: () => raw,
  };
}
