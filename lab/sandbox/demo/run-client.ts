/** Runs a command-line client and collects its output. */
import { spawn } from "node:child_process";

export interface Outcome {
  /** The exit status; -1 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ends the client and every process that it started. */
  readonly signal: AbortSignal;
}

/** Far longer than any client takes. */
const LIMIT_MS = 60_000;

/**
 * Resolves with the outcome, whatever the exit status. Rejects where the program cannot be started,
 * takes longer than a minute, or the signal aborts.
 */
export function runClient(
  program: string,
  args: readonly string[],
  { env, cwd, signal }: RunOptions,
): Promise<Outcome> {
  signal.throwIfAborted();
  // Its own process group: Ctrl-C reaches only the demo, and kubectl ends together with the AWS
  // CLI.
  const child = spawn(program, [...args], {
    env,
    ...(cwd === undefined ? {} : { cwd }),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  return new Promise((resolve, reject) => {
    const endAll = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch {
        // It has already ended.
      }
    };
    const onAbort = () => {
      endAll();
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      endAll();
      reject(
        new Error(
          `${program} ${args.join(" ")} took longer than ${LIMIT_MS / 1000} s and was ended.`,
        ),
      );
    }, LIMIT_MS);
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    child.once("error", (error) => {
      settle();
      reject(error);
    });
    child.once("close", (code) => {
      settle();
      resolve({ code: code ?? -1, ...output });
    });
  });
}
