/** One of the threads that `run-seeds.ts` starts: runs its share of the seeds, and tells what failed. */
import { parentPort, workerData } from "node:worker_threads";
import type { Violation } from "./invariants.ts";
import { simulate } from "./simulate.ts";

export interface SeedsOutcome {
  readonly calls: number;
  readonly failures: readonly {
    readonly seed: number;
    readonly violations: readonly Violation[];
  }[];
}

const { first, step, end } = workerData as {
  readonly first: number;
  readonly step: number;
  readonly end: number;
};

let calls = 0;
const failures: { seed: number; violations: readonly Violation[] }[] = [];
for (let seed = first; seed < end; seed += step) {
  const result = await simulate(seed);
  calls += result.calls;
  if (result.violations.length > 0) failures.push({ seed, violations: result.violations });
}
parentPort?.postMessage({ calls, failures } satisfies SeedsOutcome);
