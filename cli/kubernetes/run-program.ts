/** Starts a program at the same terminal, and waits for its end. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import os from "node:os";
import path from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** Signals that end this process otherwise. The terminal sends the first and the last to the program too. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Whether a program can be started by this name. On Windows, the start itself has to say. */
export function isProgram(name: string, env: Environment): boolean {
  if (process.platform === "win32") return true;
  const folders = name.includes("/") ? [""] : (env["PATH"] ?? "").split(path.delimiter);
  return folders.some((folder) => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Goes on after Ctrl-C, so that the caller can clean up behind the program.
 *
 * @returns its exit code; 128 and the number of the signal that ended it
 * @throws Error where it cannot be started
 */
export function runProgram(
  [name = "", ...args]: readonly string[],
  env: Environment,
): Promise<number> {
  const child = spawn(name, args, { env: { ...env }, stdio: "inherit" });
  const isAtTerminal = process.stdin.isTTY === true;
  const hearers = SIGNALS.map((signal) => {
    const hear = () => {
      if (signal === "SIGTERM" || !isAtTerminal) child.kill(signal);
    };
    process.on(signal, hear);
    return () => process.removeListener(signal, hear);
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal])),
    );
  });
  return ended.finally(() => {
    for (const remove of hearers) remove();
  });
}
