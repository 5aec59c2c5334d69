/** A Lambda function: its execution environments, and the events that wait for one. */
import { randomUUID } from "node:crypto";
import type { Reaper } from "../process/reaper.ts";
import type { FunctionResource } from "../template/stack.ts";
import type { FunctionCredentials, Surroundings } from "./environment-variables.ts";
import { type ExecutionEnvironment, startEnvironment } from "./execution-environment.ts";
import { Throttled } from "./throttled.ts";

/** The credentials of one environment, and when they expire. */
export interface LeasedCredentials extends FunctionCredentials {
  /** ISO 8601 UTC. An environment is replaced before it. */
  readonly expiration: string;
  /** Ends the session: the environment has ended. */
  readonly release: () => void;
}

export interface LambdaOptions {
  readonly fn: FunctionResource;
  /** The maximum number of environments, at least 1; further events wait for a free one. */
  readonly concurrency: number;
  /** Lambda's own limit at this moment, which throttles at 0; undefined for none. */
  readonly reserved?: () => number | undefined;
  readonly surroundings: Surroundings;
  /** How far its environments' clocks are ahead of this machine's, in milliseconds; 0 unless said. */
  readonly clockMs?: number;
  readonly reaper: Reaper;
  /** A fresh session of the function's role for each environment. */
  readonly lease: () => LeasedCredentials;
  readonly log: (line: string) => void;
}

export interface LambdaFunction {
  readonly resource: FunctionResource;
  /** Runs the function on `event`, a JSON value. Rejects with a `FunctionError`, or a {@link Throttled}. */
  invoke(event: unknown): Promise<unknown>;
  /** Stops all environments, and refuses further events. */
  stop(): Promise<void>;
}

/** Lambda replaces environments whose session would end during an event. */
const RENEW_BEFORE_MS = 20 * 60_000;

interface Slot {
  readonly environment: ExecutionEnvironment;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

interface Waiting {
  readonly payload: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function lambdaFunction(options: LambdaOptions): LambdaFunction {
  return new PooledFunction(options);
}

class PooledFunction implements LambdaFunction {
  readonly resource: FunctionResource;
  readonly #options: LambdaOptions;
  readonly #queue: Waiting[] = [];
  /** Environments without an event, the last used at the end. */
  readonly #idle: Slot[] = [];
  readonly #slots = new Set<Slot>();
  #starting = 0;
  /** Events that run, or wait for an environment that starts. */
  #busy = 0;
  #stopped = false;

  constructor(options: LambdaOptions) {
    this.resource = options.fn;
    this.#options = options;
  }

  invoke(event: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#stopped) reject(this.#stopping());
      this.#queue.push({ payload: JSON.stringify(event), resolve, reject });
      this.#pump();
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { reject } of this.#queue.splice(0)) reject(this.#stopping());
    await Promise.all([...this.#slots].map(({ environment }) => environment.stop()));
  }

  #stopping(): Error {
    return new Error(`${this.resource.name} was not invoked: the sandbox is stopping.`);
  }

  /** Serves events while an environment is free for them. */
  #pump(): void {
    const most = this.#options.reserved?.() ?? Number.POSITIVE_INFINITY;
    if (most === 0)
      for (const { reject } of this.#queue.splice(0)) reject(new Throttled(this.resource.name));
    while (this.#queue.length > 0 && !this.#stopped && this.#busy < most) {
      const warm = this.#reuse();
      if (!warm && this.#slots.size + this.#starting >= this.#options.concurrency) return;
      const waiting = this.#queue.shift();
      if (waiting) void this.#serve(waiting, warm);
    }
  }

  async #serve(waiting: Waiting, warm: Slot | undefined): Promise<void> {
    this.#busy += 1;
    try {
      const slot = warm ?? (await this.#start());
      if (this.#stopped) await slot.environment.stop();
      try {
        waiting.resolve(await slot.environment.run(randomUUID(), waiting.payload));
      } finally {
        if (!slot.environment.ended) this.#idle.push(slot);
      }
    } catch (error) {
      waiting.reject(error);
    } finally {
      this.#busy -= 1;
      this.#pump();
    }
  }

  /** The free environment that was used last; none that has ended or is about to expire. */
  #reuse(): Slot | undefined {
    for (let slot = this.#idle.pop(); slot; slot = this.#idle.pop()) {
      if (slot.environment.ended) continue;
      if (slot.expiresAt - Date.now() > RENEW_BEFORE_MS) return slot;
      void slot.environment.stop();
    }
    return undefined;
  }

  async #start(): Promise<Slot> {
    const { fn, surroundings, clockMs = 0, reaper, lease, log } = this.#options;
    this.#starting += 1;
    try {
      const credentials = lease();
      const onEnd = () => {
        credentials.release();
        this.#forgetEnded();
      };
      const environment = await startEnvironment({
        fn,
        credentials,
        surroundings,
        clockMs,
        reaper,
        log,
        onEnd,
      });
      const slot = { environment, expiresAt: Date.parse(credentials.expiration) };
      if (!environment.ended) this.#slots.add(slot);
      return slot;
    } finally {
      this.#starting -= 1;
    }
  }

  #forgetEnded(): void {
    for (const slot of this.#slots) if (slot.environment.ended) this.#slots.delete(slot);
    this.#pump();
  }
}
