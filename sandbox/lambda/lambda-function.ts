/** A Lambda function: its execution environments, and the events that wait for one. */
import { randomUUID } from "node:crypto";
import type { Reaper } from "../process/reaper.ts";
import type { FunctionResource } from "../template/stack.ts";
import type { FunctionCredentials, Surroundings } from "./environment-variables.ts";
import { type ExecutionEnvironment, startEnvironment } from "./execution-environment.ts";

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
  /** Runs the function on `event`, a JSON value. Rejects with a `FunctionError`. */
  invoke(event: unknown): Promise<unknown>;
  /** Stops all environments, and refuses further events. */
  stop(): Promise<void>;
}

/** Lambda replaces environments whose session would end during an event. */
const RENEW_BEFORE_MS = 20 * 60_000;

interface Slot {
  readonly environment: ExecutionEnvironment;
  readonly expiresAt: number;
  ended: boolean;
}

interface Waiting {
  readonly payload: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure over the environments; each step in it is short.
export function lambdaFunction(options: LambdaOptions): LambdaFunction {
  const { fn } = options;
  const queue: Waiting[] = [];
  const idle: Slot[] = [];
  const slots = new Set<Slot>();
  let starting = 0;
  let stopped = false;

  async function start(): Promise<Slot> {
    const credentials = options.lease();
    let slot: Slot | undefined;
    let endedEarly = false;
    const environment = await startEnvironment({
      fn,
      credentials,
      surroundings: options.surroundings,
      clockMs: options.clockMs ?? 0,
      reaper: options.reaper,
      log: options.log,
      onEnd() {
        credentials.release();
        endedEarly = true;
        if (!slot) return;
        slot.ended = true;
        slots.delete(slot);
        pump();
      },
    });
    slot = { environment, expiresAt: Date.parse(credentials.expiration), ended: endedEarly };
    if (!endedEarly) slots.add(slot);
    return slot;
  }

  async function fresh(): Promise<Slot> {
    starting += 1;
    try {
      return await start();
    } finally {
      starting -= 1;
    }
  }

  /** The free environment that was used last; none that has ended or is about to expire. */
  function reuse(): Slot | undefined {
    for (let slot = idle.pop(); slot; slot = idle.pop()) {
      if (slot.ended) continue;
      if (slot.expiresAt - Date.now() > RENEW_BEFORE_MS) return slot;
      void slot.environment.stop();
    }
    return undefined;
  }

  async function serve(waiting: Waiting, warm: Slot | undefined): Promise<void> {
    try {
      const slot = warm ?? (await fresh());
      if (stopped) await slot.environment.stop();
      try {
        waiting.resolve(await slot.environment.run(randomUUID(), waiting.payload));
      } finally {
        if (!slot.ended) idle.push(slot);
      }
    } catch (error) {
      waiting.reject(error);
    } finally {
      pump();
    }
  }

  function pump(): void {
    while (queue.length > 0 && !stopped) {
      const warm = reuse();
      if (!warm && slots.size + starting >= options.concurrency) return;
      const waiting = queue.shift();
      if (waiting) void serve(waiting, warm);
    }
  }

  return {
    resource: fn,
    invoke: (event) =>
      new Promise((resolve, reject) => {
        if (stopped) reject(new Error(`${fn.name} was not invoked: the sandbox is stopping.`));
        queue.push({ payload: JSON.stringify(event), resolve, reject });
        pump();
      }),
    async stop() {
      stopped = true;
      for (const { reject } of queue.splice(0))
        reject(new Error(`${fn.name} was not invoked: the sandbox is stopping.`));
      await Promise.all([...slots].map((slot) => slot.environment.stop()));
    },
  };
}
