import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Without } from "./profile.ts";
import type { SeedsOutcome } from "./seed-worker.ts";

export interface SeedsRun {
  readonly seeds: number;
  /** In order of their seeds. */
  readonly failures: readonly SeedsOutcome["failures"][number][];
  readonly calls: number;
  readonly seconds: number;
}

export interface SeedsOptions {
  readonly without?: Without;
  /** A mutant to run in place of the real protocol; each worker then stops at its first failure. */
  readonly mutant?: string | undefined;
  readonly workers?: number | undefined;
}

/**
 * Runs the seeds `first` to `first + seeds - 1` on every core, or on as many as are asked for. The
 * same seeds give the same answer.
 */
export async function runSeeds(
  first: number,
  seeds: number,
  { without = new Set(), mutant, workers = availableParallelism() }: SeedsOptions = {},
): Promise<SeedsRun> {
  const began = performance.now();
  // Seeds are dealt out in turn, so that none of the workers has all the long ones.
  const outcomes = await Promise.all(
    Array.from({ length: Math.min(workers, seeds) }, (_, at) =>
      runWorker({ first: first + at, step: workers, end: first + seeds, without, mutant }),
    ),
  );
  return {
    seeds,
    failures: outcomes.flatMap(({ failures }) => failures).sort((a, b) => a.seed - b.seed),
    calls: outcomes.reduce((sum, { calls }) => sum + calls, 0),
    seconds: Math.round(performance.now() - began) / 1_000,
  };
}

function runWorker(workerData: object): Promise<SeedsOutcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), { workerData });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`A worker of the simulation ended with ${code} and said nothing.`)),
    );
  });
}
