/** `timelatch console` in a terminal of its own, where somebody types. */
import { spawn } from "node:child_process";
import path from "node:path";
import type { Readable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { RunOptions } from "./run-client.ts";
import { StepFailed } from "./steps.ts";

export interface ConsoleTerminal {
  /** `http://127.0.0.1:41233` */
  readonly address: string;
  /** Types a line, and waits for a text after it. */
  type(line: string, wanted: RegExp): Promise<string>;
  /** Presses Ctrl-C, and waits for the end. */
  stop(): Promise<void>;
}

const TIMELATCH = path.resolve(import.meta.dirname, "../../../cli/timelatch");
/** Far longer than any answer takes. */
const LIMIT_MS = 60_000;

/** The program `script` gives it a terminal. The signal ends both. @throws StepFailed */
export async function startConsoleTerminal(options: RunOptions): Promise<ConsoleTerminal> {
  const { env, cwd, signal } = options;
  signal.throwIfAborted();
  const child = spawn("script", ["-qefc", `'${TIMELATCH}' console --no-open`, "/dev/null"], {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  // A terminal that is gone says so by its end.
  child.stdin.on("error", () => undefined);
  const kill = () => child.kill("SIGKILL");
  signal.addEventListener("abort", kill, { once: true });
  const said = hearing(child.stdout, ended, signal);
  const [, address = ""] = await said(/(http:\/\/127\.0\.0\.1:\d+)\//);
  return {
    address,
    async type(line, wanted) {
      const answer = said(wanted);
      child.stdin.write(`${line}\r`);
      return (await answer)[0];
    },
    async stop() {
      child.stdin.write("\u0003");
      await ended;
      signal.removeEventListener("abort", kill);
    },
  };
}

/** Waits for a text in what is printed after the call before. */
function hearing(output: Readable, ended: Promise<void>, signal: AbortSignal) {
  let text = "";
  output.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return (wanted: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const fail = () => reject(signal.aborted ? signal.reason : silence(wanted, text));
      const timer = setTimeout(fail, LIMIT_MS);
      const look = () => {
        const found = wanted.exec(stripVTControlCharacters(text));
        if (!found) return;
        clearTimeout(timer);
        output.off("data", look);
        text = "";
        resolve(found);
      };
      output.on("data", look);
      void ended.then(() => clearTimeout(timer)).then(fail);
      look();
    });
}

const silence = (wanted: RegExp, text: string) =>
  new StepFailed(`timelatch console never said ${wanted}: ${stripVTControlCharacters(text)}`);
