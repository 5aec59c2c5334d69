/** A sandbox in a process of its own, for as long as the demo needs it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { startReaper } from "../process/reaper.ts";
import type { SandboxAddresses } from "../stack/start.ts";

export interface RunningSandbox {
  /** Rejects with what it said where the sandbox ends before it is ready. */
  readonly ready: Promise<SandboxAddresses>;
  /** Ends it and everything that it started. */
  stop(): Promise<void>;
}

const MAIN = path.resolve(import.meta.dirname, "../main.ts");
/** It writes its state down at the end; what takes longer is killed. */
const STOP_PATIENCE_MS = 20_000;
const LAST_WORDS = 12;

const gone = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });

/**
 * Starts a fresh sandbox in `dir`, which must exist. What it and its functions say goes to
 * `sandbox.log` in there.
 * @param progress told what the sandbox itself says it is doing, until it is ready
 */
export function runSandbox(dir: string, progress: (line: string) => void): RunningSandbox {
  const log = createWriteStream(path.join(dir, "sandbox.log"));
  // A group of its own: Ctrl-C is the demo's to act on, in its order.
  const child = spawn(process.execPath, [MAIN, "--fresh", "--json", "--dir", dir], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = gone(child);
  // Where the demo is killed, so is the sandbox, whose own reaper then ends the rest.
  const reaper = startReaper();
  if (child.pid !== undefined) reaper.watch(child.pid);

  const last: string[] = [];
  let starting = true;
  createInterface({ input: child.stderr }).on("line", (line) => {
    log.write(`${line}\n`);
    last.push(line);
    last.splice(0, last.length - LAST_WORDS);
    const [, said] = /^sandbox: (.+)$/.exec(line) ?? [];
    if (starting && said !== undefined) progress(said);
  });
  const ready = new Promise<SandboxAddresses>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", (line) => {
      starting = false;
      resolve(JSON.parse(line) as SandboxAddresses);
    });
    void ended.then(() =>
      reject(new Error(`The sandbox ended before it was ready. It said:\n${last.join("\n")}`)),
    );
  });
  // It is nobody's fault when the demo is interrupted first.
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
      await new Promise<void>((closed) => log.end(closed));
    },
  };
}
