/** A thread that `run-seeds.ts` starts. It runs its share of the seeds and reports the failures. */
import { parentPort, workerData } from "node:worker_threads";
import { forgedLife, hasForgedLife } from "./forgers/forged-life.ts";
import { loadMutant } from "./load-mutant.ts";
import { MUTANTS } from "./mutants/mutants.ts";
import { askingLife, hasAskingLife } from "./notices/asking-life.ts";
import { addEvidence, type EvidenceCounts, NO_EVIDENCE } from "./oracle/evidence-truth.ts";
import type { Violation } from "./oracle/invariants.ts";
import { addCounts, NO_NOTICES, type NoticeCounts } from "./oracle/notice-truth.ts";
import { addTallies, type Counts, NO_COUNTS } from "./oracle/tally.ts";
import type { Without } from "./profile.ts";
import { simulate } from "./simulate.ts";

/** The messages of a worker: its progress, once a second and at its end, and then its outcome. */
export type SeedsMessage =
  | { readonly done: number; readonly failed: number }
  | { readonly outcome: SeedsOutcome };

export interface SeedsOutcome {
  readonly calls: number;
  readonly notices: NoticeCounts;
  readonly evidence: EvidenceCounts;
  readonly counts: Counts;
  readonly failures: readonly {
    readonly seed: number;
    readonly violations: readonly Violation[];
  }[];
}

const { first, step, end, without, mutant } = workerData as {
  readonly first: number;
  readonly step: number;
  readonly end: number;
  readonly without: Without;
  /** The name of a mutant to run instead of the real protocol, until its first failure. */
  readonly mutant?: string;
};

// Many errors are thrown in a life and few are shown. A replay shows where one was thrown.
Error.stackTraceLimit = 0;

const broken = MUTANTS.find(({ name }) => name === mutant);
const run = broken ? (await loadMutant(broken)).simulate : simulate;

/** Milliseconds between two reports. */
const REPORT_EVERY = 1_000;

let calls = 0;
let done = 0;
let reportedAt = performance.now();
let notices = NO_NOTICES;
let evidence = NO_EVIDENCE;
let counts = NO_COUNTS;
const failures: { seed: number; violations: readonly Violation[] }[] = [];
for (let seed = first; seed < end; seed += step) {
  const result = await run(seed, { without });
  calls += result.calls;
  const asking = broken || !hasAskingLife(seed) ? undefined : await askingLife(seed);
  notices = addCounts(addCounts(notices, result.notices), asking?.notices ?? NO_NOTICES);
  evidence = addEvidence(evidence, result.evidence);
  counts = addTallies(counts, result.counts, asking?.counts ?? NO_COUNTS);
  const forged = broken || !hasForgedLife(seed) ? undefined : await forgedLife(seed);
  counts = addTallies(counts, forged?.counts ?? NO_COUNTS);
  const violations = [result, asking, forged].flatMap((life) => life?.violations ?? []);
  if (violations.length > 0) failures.push({ seed, violations });
  if (broken && violations.length > 0) break;
  done += 1;
  if (performance.now() - reportedAt > REPORT_EVERY) {
    send({ done, failed: failures.length });
    reportedAt = performance.now();
  }
}
send({ done, failed: failures.length });
send({ outcome: { calls, notices, evidence, counts, failures } });

function send(message: SeedsMessage): void {
  parentPort?.postMessage(message);
}
