/** `timelatch console` in a terminal of its own, with somebody who types, and its page in a browser. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Page } from "playwright-core";
import { commandFolder } from "./bundled-command.ts";

export interface ConsoleTerminal {
  readonly address: string;
  /** Waits for a text, and answers what it matched. */
  said(text: RegExp): Promise<RegExpExecArray>;
  type(line: string): void;
  /** Types the digits that the page shows. */
  letIn(page: Page): Promise<void>;
  /** Presses Ctrl-C, and waits for the end. */
  stop(): Promise<void>;
}

/**
 * Starts it with these variables, which say whose keys sign and where the API is. The program `script` gives it a
 * terminal.
 *
 * @param port `--port` with its number; empty for any that is free
 */
export async function startConsoleTerminal(
  env: Readonly<Record<string, string>>,
  port = "",
): Promise<ConsoleTerminal> {
  const child = spawn("script", ["-qefc", `timelatch console --no-open ${port}`, "/dev/null"], {
    env: {
      ...process.env,
      ...env,
      PATH: `${commandFolder()}${path.delimiter}${process.env["PATH"]}`,
    },
    stdio: "pipe",
  });
  const said = hearing(child);
  const [, address = ""] = await said(/(http:\/\/127\.0\.0\.1:\d+)\//);
  const type = (line: string) => void child.stdin?.write(`${line}\r`);
  return {
    ...{ address, said, type },
    async letIn(page) {
      type((await page.getByText(/^\d{6}$/).textContent()) ?? "");
      await page.getByRole("navigation", { name: "Views" }).waitFor();
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once("close", resolve));
      child.stdin?.write("\u0003");
      await ended;
    },
  };
}

/** Waits for a text in everything that the terminal has shown. */
function hearing(child: ChildProcess): ConsoleTerminal["said"] {
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return (wanted) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = wanted.exec(stripVTControlCharacters(text));
        if (found) resolve(found);
      };
      child.stdout?.on("data", look);
      child.once("close", () => reject(new Error(`It never said ${wanted}:\n${text}`)));
      look();
    });
}
