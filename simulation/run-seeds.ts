import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { addEvidence, type EvidenceCounts, NO_EVIDENCE } from "./oracle/evidence-truth.ts";
import { addCounts, NO_NOTICES, type NoticeCounts } from "./oracle/notice-truth.ts";
import type { Without } from "./profile.ts";
import type { SeedsOutcome } from "./seed-worker.ts";

export interface SeedsRun {
  readonly seeds: number;
  /** In order of their seeds. */
  readonly failures: readonly SeedsOutcome["failures"][number][];
  readonly calls: number;
  readonly notices: NoticeCounts;
  readonly evidence: EvidenceCounts;
  readonly seconds: number;
}

export interface SeedsOptions {
  readonly without?: Without;
  /** A mutant to run instead of the real protocol. Each worker then stops at its first failure. */
  readonly mutant?: string | undefined;
  readonly workers?: number | undefined;
}

/**
 * Runs the seeds `first` to `first + seeds - 1`, by default on every core. The same seeds give the
 * same result.
 */
export async function runSeeds(
  first: number,
  seeds: number,
  { without = new Set(), mutant, workers = availableParallelism() }: SeedsOptions = {},
): Promise<SeedsRun> {
  const began = performance.now();
  // Workers take seeds in turn, so that no worker gets all the long ones.
  const outcomes = await Promise.all(
    Array.from({ length: Math.min(workers, seeds) }, (_, at) =>
      runWorker({ first: first + at, step: workers, end: first + seeds, without, mutant }),
    ),
  );
  return {
    seeds,
    failures: outcomes.flatMap(({ failures }) => failures).sort((a, b) => a.seed - b.seed),
    calls: outcomes.reduce((sum, { calls }) => sum + calls, 0),
    notices: outcomes.reduce((sum, { notices }) => addCounts(sum, notices), NO_NOTICES),
    evidence: outcomes.reduce((sum, { evidence }) => addEvidence(sum, evidence), NO_EVIDENCE),
    seconds: Math.round(performance.now() - began) / 1_000,
  };
}

function runWorker(workerData: object): Promise<SeedsOutcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), { workerData });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`A worker of the simulation ended with code ${code} and without a result.`)),
    );
  });
}
