/** The demo's sandbox, in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { startReaper } from "../process/reaper.ts";
import type { SandboxAddresses } from "../stack/start.ts";

export interface RunningSandbox {
  /** Rejects with the sandbox's last output where it ends before it is ready. */
  readonly ready: Promise<SandboxAddresses>;
  /** Stops it and everything that it started. */
  stop(): Promise<void>;
}

const MAIN = path.resolve(import.meta.dirname, "../main.ts");
/** The sandbox saves its state when it stops. After this time it is killed. */
const STOP_PATIENCE_MS = 20_000;
/** How many lines of its output an error shows. */
const ERROR_LINES = 12;

const gone = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });

/** How the demo's sandbox differs from any other. */
export interface SandboxVariant {
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a sandbox in `dir`, an empty folder. It logs to `logs/` in there.
 * @param progress called with each line of progress, until the sandbox is ready
 */
export function runSandbox(
  dir: string,
  { options, env }: SandboxVariant,
  progress: (line: string) => void,
): RunningSandbox {
  // Its own process group: Ctrl-C reaches only the demo, which stops the sandbox in order.
  const child = spawn(process.execPath, [MAIN, "--json", "--dir", dir, ...options], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = gone(child);
  // If the demo is killed, this kills the sandbox, whose own reaper kills the rest.
  const reaper = startReaper();
  if (child.pid !== undefined) reaper.watch(child.pid);

  const last: string[] = [];
  let starting = true;
  createInterface({ input: child.stderr }).on("line", (line) => {
    last.push(line);
    last.splice(0, last.length - ERROR_LINES);
    const [, said] = /^sandbox: (.+)$/.exec(line) ?? [];
    if (starting && said !== undefined) progress(said);
  });
  const ready = new Promise<SandboxAddresses>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => {
      starting = false;
      resolve(JSON.parse(line) as SandboxAddresses);
    });
    void ended.then(() =>
      reject(
        new Error(`The sandbox ended before it was ready. Its last output:\n${last.join("\n")}`),
      ),
    );
  });
  // If the demo is interrupted first, nobody awaits this promise.
  ready.catch(() => {});

  return {
    ready,
    async stop() {
      starting = false;
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
      await ended;
      clearTimeout(timer);
      if (child.pid !== undefined) reaper.forget(child.pid);
      reaper.close();
    },
  };
}
