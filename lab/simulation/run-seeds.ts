import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { addEvidence, type EvidenceCounts, NO_EVIDENCE } from "./oracle/evidence-truth.ts";
import { addCounts, NO_NOTICES, type NoticeCounts } from "./oracle/notice-truth.ts";
import { addTallies, type Counts } from "./oracle/tally.ts";
import type { Without } from "./profile.ts";
import type { SeedsMessage, SeedsOutcome } from "./seed-worker.ts";

export interface SeedsRun {
  readonly seeds: number;
  /** In order of their seeds. */
  readonly failures: readonly SeedsOutcome["failures"][number][];
  readonly calls: number;
  readonly notices: NoticeCounts;
  readonly evidence: EvidenceCounts;
  readonly counts: Counts;
  readonly seconds: number;
}

export interface SeedsOptions {
  readonly without?: Without;
  /** A mutant to run instead of the real protocol. Each worker then stops at its first failure. */
  readonly mutant?: string | undefined;
  readonly workers?: number | undefined;
  /** Is called about once a second for each worker while seeds run. */
  readonly onProgress?: (progress: SeedsProgress) => void;
}

export interface SeedsProgress {
  /** Seeds that ran so far. */
  readonly done: number;
  /** How many of them break an invariant. */
  readonly failed: number;
}

/**
 * Runs the seeds `first` to `first + seeds - 1`, by default on every core. The same seeds give the
 * same result.
 */
export async function runSeeds(
  first: number,
  seeds: number,
  { without = new Set(), mutant, workers = availableParallelism(), onProgress }: SeedsOptions = {},
): Promise<SeedsRun> {
  const began = performance.now();
  const reports = new Map<number, SeedsProgress>();
  const report = (worker: number, progress: SeedsProgress) => {
    reports.set(worker, progress);
    onProgress?.(sumOf([...reports.values()]));
  };
  // Workers take seeds in turn, so that no worker gets all the long ones.
  const outcomes = await Promise.all(
    Array.from({ length: Math.min(workers, seeds) }, (_, at) =>
      runWorker({ first: first + at, step: workers, end: first + seeds, without, mutant }, (done) =>
        report(at, done),
      ),
    ),
  );
  return {
    seeds,
    failures: outcomes.flatMap(({ failures }) => failures).sort((a, b) => a.seed - b.seed),
    calls: outcomes.reduce((sum, { calls }) => sum + calls, 0),
    notices: outcomes.reduce((sum, { notices }) => addCounts(sum, notices), NO_NOTICES),
    evidence: outcomes.reduce((sum, { evidence }) => addEvidence(sum, evidence), NO_EVIDENCE),
    counts: addTallies(...outcomes.map(({ counts }) => counts)),
    seconds: Math.round(performance.now() - began) / 1_000,
  };
}

const sumOf = (all: readonly SeedsProgress[]): SeedsProgress => ({
  done: all.reduce((sum, { done }) => sum + done, 0),
  failed: all.reduce((sum, { failed }) => sum + failed, 0),
});

/** A life's objects die young. With the size that Node chooses, collecting them takes about a sixth of the time. */
const YOUNG_MB = 192;

function runWorker(
  workerData: object,
  report: (progress: SeedsProgress) => void,
): Promise<SeedsOutcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./seed-worker.ts", import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.on("message", (message: SeedsMessage) =>
      "outcome" in message ? resolve(message.outcome) : report(message),
    );
    worker.once("error", reject);
    worker.once("exit", (code) =>
      reject(new Error(`A worker of the simulation ended with code ${code} and without a result.`)),
    );
  });
}
