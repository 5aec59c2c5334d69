/**
 * One execution environment: a process that runs the function's bundle under AWS's own runtime
 * interface client. It takes one event at a time, until it crashes, times out, or is no longer
 * needed.
 */
import type { ChildProcess } from "node:child_process";
import type { Reaper } from "../process/reaper.ts";
import {
  exited,
  FunctionError,
  type FunctionErrorPayload,
  responseTooLarge,
  timedOut,
} from "./function-error.ts";
import { RuntimeApi } from "./runtime-api.ts";
import { type ProcessOptions, spawnFunction } from "./spawn-function.ts";

/** Lambda gives a function's initialisation ten seconds of its own. */
const INIT_LIMIT_MS = 10_000;

export interface EnvironmentOptions extends ProcessOptions {
  readonly reaper: Reaper;
  /** The process has ended, for whatever reason. */
  readonly onEnd: () => void;
}

export interface ExecutionEnvironment {
  /** Runs one event; never two at once. Rejects with a {@link FunctionError}. */
  run(requestId: string, payload: string): Promise<unknown>;
  /** Whether the process has ended. */
  readonly ended: boolean;
  /** Kills the process and waits until it has ended. */
  stop(): Promise<void>;
}

interface Job {
  readonly requestId: string;
  readonly payload: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: FunctionError) => void;
}

export async function startEnvironment(options: EnvironmentOptions): Promise<ExecutionEnvironment> {
  const runtimeApi = await RuntimeApi.start();
  return new FunctionProcess(options, runtimeApi, spawnFunction(options, runtimeApi.address));
}

class FunctionProcess implements ExecutionEnvironment {
  ended = false;
  readonly #options: EnvironmentOptions;
  readonly #runtimeApi: RuntimeApi;
  readonly #child: ChildProcess;
  readonly #end: Promise<void>;
  /** The event that waits or runs. */
  #job: Job | undefined;
  /** Whether the process has asked for an event. */
  #isIdle = false;
  #limit: NodeJS.Timeout | undefined;
  /** The limit that the process was killed for. */
  #exceededMs: number | undefined;
  #initError: FunctionErrorPayload | undefined;

  constructor(options: EnvironmentOptions, runtimeApi: RuntimeApi, child: ChildProcess) {
    this.#options = options;
    this.#runtimeApi = runtimeApi;
    this.#child = child;
    this.#listen();
    if (child.pid !== undefined) options.reaper.watch(child.pid);
    this.#end = new Promise((resolve) => {
      const end = () => {
        this.#conclude();
        resolve();
      };
      child.once("exit", end);
      child.once("error", end);
    });
    this.#killAfter(INIT_LIMIT_MS);
  }

  run(requestId: string, payload: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        // It ended between two events; the invoker gets the reason.
        reject(this.#failure(requestId));
        return;
      }
      this.#job = { requestId, payload, resolve, reject };
      this.#give();
    });
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#end;
  }

  #listen(): void {
    const { name } = this.#options.fn;
    this.#runtimeApi
      .on("next", () => {
        if (!this.#job) clearTimeout(this.#limit);
        this.#isIdle = true;
        this.#give();
      })
      .on("response", (requestId, body) => {
        this.#take(requestId)?.resolve(JSON.parse(body || "null"));
      })
      .on("tooLarge", (requestId) => {
        this.#take(requestId)?.reject(responseTooLarge(name));
      })
      .on("failure", (requestId, error) => {
        this.#take(requestId)?.reject(new FunctionError(name, error, true));
      })
      .on("initFailure", (error) => {
        // The process now ends by itself, which rejects the waiting event.
        this.#initError = error;
      });
  }

  /** Gives the waiting event to the process, once that has asked for one. */
  #give(): void {
    if (!this.#job || !this.#isIdle) return;
    const { fn, clockMs } = this.#options;
    const { requestId, payload } = this.#job;
    const timeoutMs = fn.timeoutSeconds * 1000;
    this.#isIdle = false;
    this.#killAfter(timeoutMs);
    this.#runtimeApi.give({
      requestId,
      payload,
      functionArn: fn.arn,
      // By the function's own clock, as on a real machine.
      deadlineMs: Date.now() + clockMs + timeoutMs,
    });
  }

  /** Takes the event that is over; undefined where the process answers another one. */
  #take(requestId: string): Job | undefined {
    if (this.#job?.requestId !== requestId) return undefined;
    const taken = this.#job;
    this.#job = undefined;
    clearTimeout(this.#limit);
    return taken;
  }

  /** Only the end of the process rejects its event: no other event may get a dying environment. */
  #killAfter(ms: number): void {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => {
      this.#exceededMs = ms;
      this.#child.kill("SIGKILL");
    }, ms);
  }

  #conclude(): void {
    const { reaper, onEnd } = this.#options;
    this.ended = true;
    if (this.#child.pid !== undefined) reaper.forget(this.#child.pid);
    this.#runtimeApi.close();
    clearTimeout(this.#limit);
    this.#job?.reject(this.#failure(this.#job.requestId));
    this.#job = undefined;
    onEnd();
  }

  /** Why the process ended. */
  #failure(requestId: string): FunctionError {
    const { name } = this.#options.fn;
    const { exitCode, signalCode } = this.#child;
    if (this.#exceededMs !== undefined) return timedOut(name, requestId, this.#exceededMs);
    if (this.#initError) return new FunctionError(name, this.#initError);
    return exited(name, requestId, exitCode, signalCode);
  }
}
