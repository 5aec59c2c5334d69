/**
 * One execution environment: a process that runs the function's bundle under AWS's own runtime
 * interface client, one event at a time, from its first event until it crashes, times out,
 * or is no longer needed.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Reaper } from "../process/reaper.ts";
import type { FunctionResource } from "../template/stack.ts";
import {
  environmentVariables,
  type FunctionCredentials,
  type Surroundings,
} from "./environment-variables.ts";
import {
  exited,
  FunctionError,
  type FunctionErrorPayload,
  responseTooLarge,
  timedOut,
} from "./function-error.ts";
import { startRuntimeApi } from "./runtime-api.ts";

const CLIENT = createRequire(import.meta.url).resolve("aws-lambda-ric");
const PRELOAD = fileURLToPath(new URL("./preload.mjs", import.meta.url));
const SHIFTED_CLOCK = new URL("./shifted-clock.mjs", import.meta.url).href;
/** Lambda gives a function's initialisation ten seconds of its own. */
const INIT_LIMIT_MS = 10_000;

export interface EnvironmentOptions {
  readonly fn: FunctionResource;
  readonly credentials: FunctionCredentials;
  readonly surroundings: Surroundings;
  /** How far its clock is ahead of this machine's, in milliseconds. */
  readonly clockMs: number;
  readonly reaper: Reaper;
  /** One line that the function wrote. */
  readonly log: (line: string) => void;
  /** The process has ended, for whatever reason. */
  readonly onEnd: () => void;
}

export interface ExecutionEnvironment {
  /** Runs one event; never two at once. Rejects with a {@link FunctionError}. */
  run(requestId: string, payload: string): Promise<unknown>;
  /** Kills the process and waits until it has ended. */
  stop(): Promise<void>;
}

interface Job {
  readonly requestId: string;
  readonly payload: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: FunctionError) => void;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure over the process; each event in it is short.
export async function startEnvironment(options: EnvironmentOptions): Promise<ExecutionEnvironment> {
  const { fn, clockMs } = options;
  const timeoutMs = fn.timeoutSeconds * 1000;
  let job: Job | undefined;
  let waiting = false;
  let limit: NodeJS.Timeout | undefined;
  let lateMs: number | undefined;
  let initError: FunctionErrorPayload | undefined;

  const take = (requestId: string | undefined): Job | undefined => {
    if (!job || (requestId !== undefined && job.requestId !== requestId)) return undefined;
    const taken = job;
    job = undefined;
    clearTimeout(limit);
    return taken;
  };

  /** Rejects the waiting event only once the process has ended, so that no event gets a dying environment. */
  const killAfter = (ms: number) => {
    clearTimeout(limit);
    limit = setTimeout(() => {
      lateMs = ms;
      child.kill("SIGKILL");
    }, ms);
  };

  const give = () => {
    if (!job || !waiting) return;
    waiting = false;
    killAfter(timeoutMs);
    runtimeApi.give({
      requestId: job.requestId,
      payload: job.payload,
      functionArn: fn.arn,
      // By the function's own clock, as on a real machine.
      deadlineMs: Date.now() + clockMs + timeoutMs,
    });
  };

  const runtimeApi = await startRuntimeApi({
    onNext() {
      if (!job) clearTimeout(limit);
      waiting = true;
      give();
    },
    onResponse(requestId, body) {
      take(requestId)?.resolve(JSON.parse(body || "null"));
    },
    onTooLarge(requestId) {
      take(requestId)?.reject(responseTooLarge(fn.name));
    },
    onError(requestId, error) {
      take(requestId)?.reject(new FunctionError(fn.name, error, true));
    },
    onInitError(error) {
      // The process now ends by itself, which rejects the waiting event.
      initError = error;
    },
  });

  const child: ChildProcess = spawn(
    process.execPath,
    [
      `--title=timelatch:${fn.name}`,
      `--max-old-space-size=${fn.memoryMb}`,
      `--import=${PRELOAD}`,
      ...(clockMs === 0 ? [] : [`--import=${SHIFTED_CLOCK}?ms=${clockMs}`]),
      CLIENT,
      fn.handler,
    ],
    {
      cwd: fn.codeDir,
      // Ctrl-C reaches the sandbox alone, which lets a running event end first.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: environmentVariables(fn, options.credentials, options.surroundings, runtimeApi.address),
    },
  );
  if (child.pid !== undefined) options.reaper.watch(child.pid);
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", options.log);
  killAfter(INIT_LIMIT_MS);

  /** Why the process ended. */
  const failure = (requestId: string): FunctionError => {
    if (lateMs !== undefined) return timedOut(fn.name, requestId, lateMs);
    if (initError) return new FunctionError(fn.name, initError);
    return exited(fn.name, requestId, child.exitCode, child.signalCode);
  };

  const ended = new Promise<void>((resolve) => {
    const end = () => {
      if (child.pid !== undefined) options.reaper.forget(child.pid);
      runtimeApi.close();
      const cut = take(undefined);
      clearTimeout(limit);
      cut?.reject(failure(cut.requestId));
      options.onEnd();
      resolve();
    };
    child.once("exit", end);
    child.once("error", end);
  });

  return {
    run: (requestId, payload) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          // It ended between two events; the invoker gets the reason.
          reject(failure(requestId));
          return;
        }
        job = { requestId, payload, resolve, reject };
        give();
      }),
    async stop() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
