/** `npm run simulate`: searches seeds for a broken invariant, or replays one seed. */
import { oneOf, runScript, wholeNumber } from "../command-line.ts";
import { isSeeded } from "./catching-seed.ts";
import { forgedLife, hasForgedLife } from "./forgers/forged-life.ts";
import { MUTANTS } from "./mutants/mutants.ts";
import { askingLife, hasAskingLife } from "./notices/asking-life.ts";
import type { EvidenceCounts } from "./oracle/evidence-truth.ts";
import { INVARIANTS, type Violation } from "./oracle/invariants.ts";
import { SEEDS, tooLittle } from "./oracle/least-counts.ts";
import { addCounts, NO_NOTICES, type NoticeCounts } from "./oracle/notice-truth.ts";
import { addTallies, type Counts, countsText, NO_COUNTS } from "./oracle/tally.ts";
import { playedCode } from "./played-code.ts";
import { UNKINDNESSES, type Without } from "./profile.ts";
import { recordSeeds } from "./record-seeds.ts";
import { runSeeds, type SeedsOptions, type SeedsProgress, type SeedsRun } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";
import { instantOf } from "./virtual-time.ts";

const HELP = `npm run simulate -- [options]

Runs the real domain and use cases on in-memory ports and virtual time, with faults. Each seed is
one life of a few grants. How far it is goes to standard error every ten seconds. The exit code is 1
where an invariant is broken. The summary says how often each fault, overlap, fence and crash occurred,
of calls also for each operation, and how many ends of access were judged strictly, loosely, and by
nobody. Where ${SEEDS} seeds or more had too little of it, the exit code is 1, too. Runs that name the
same code can be added up: it is a hash of all that they play, without comments and types.

  --seeds N       how many seeds to run (default: 2000)
  --first S       the first of them (default: 1)
  --seed S        replay one seed, and print every call in order
  --mutant NAME   break the protocol in one way, and look for the first seed that catches it
  --record-seeds  look for another seed for each mutant whose recorded one catches nothing, and write it
                  into the mutant's file
  --without KIND  leave out ${UNKINDNESSES.join(", ")}; may be repeated
                  (lag: stale reads and dead connections; overlap: two runs for one binding;
                  lateness: calls that land minutes later)
  --workers N     how many threads (default: one for each core)
  --json          print the summary as one JSON object
  --help          print this
`;

const OPTIONS = {
  seeds: { type: "string", default: "2000" },
  first: { type: "string", default: "1" },
  seed: { type: "string" },
  mutant: { type: "string" },
  "record-seeds": { type: "boolean", default: false },
  without: { type: "string", multiple: true },
  workers: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

interface Summary {
  readonly seeds: number;
  readonly violations: number;
  readonly seconds: number;
  readonly calls: number;
  /** See `playedCode`. */
  readonly code: string;
  /** Messages that were posted, how many of them twice, and what went wrong with them and the bus. */
  readonly notices: NoticeCounts;
  /** Events of CloudTrail, and what was recorded about them and about calls. */
  readonly evidence: EvidenceCounts;
  /** How often each fault, overlap, fence and crash occurred, and how ends were judged. */
  readonly counts: Counts;
  /**
   * Events that were too rare, and ends that nobody judged, in words; only for a search of enough
   * seeds.
   */
  readonly tooLittle: readonly string[];
}

async function replay(seed: number, without: Without): Promise<Summary> {
  const began = performance.now();
  const life = await simulate(seed, { without, traced: true });
  const asking = hasAskingLife(seed) ? await askingLife(seed) : undefined;
  const lines: string[] = [];
  const forged = hasForgedLife(seed)
    ? await forgedLife(seed, (line) => lines.push(line))
    : undefined;
  if (lines.length > 0)
    process.stdout.write(`A life with a forger:\n${lines.join("\n")}\n\nThe life itself:\n`);
  const violations = [life, asking, forged].flatMap((each) => each?.violations ?? []);
  process.stdout.write(`${life.trace.join("\n")}\n\nseed ${seed} (${life.profile})\n`);
  printViolations(violations);
  return {
    seeds: 1,
    violations: violations.length,
    seconds: Math.round(performance.now() - began) / 1_000,
    calls: life.calls,
    code: playedCode(),
    notices: addCounts(life.notices, asking?.notices ?? NO_NOTICES),
    evidence: life.evidence,
    tooLittle: [],
    counts: addTallies(life.counts, asking?.counts ?? NO_COUNTS, forged?.counts ?? NO_COUNTS),
  };
}

function printViolations(violations: readonly Violation[]): void {
  for (const { invariant, at, detail } of violations)
    process.stdout.write(
      `  ${instantOf(at)} ${invariant}: ${INVARIANTS[invariant]}\n    ${detail}\n`,
    );
}

/** At most this many failing seeds are listed. */
const MOST_LISTED = 30;

function asText({ seeds, violations, calls, seconds, ...summary }: Summary): string {
  const { notices, evidence, counts, code } = summary;
  const lines = summary.tooLittle.map((line) => `Too little: ${line}\n`);
  const { messages, duplicates, troubles } = notices;
  return [
    countsText(counts),
    ...lines,
    `${messages} messages, ${duplicates} of them twice, ${troubles} faults of Slack, the bus and notify\n`,
    `${evidence.events} events of CloudTrail, ${evidence.confirmed} confirmations, ${evidence.findings} findings, ${evidence.missing} of them missing calls\n`,
    `${seeds} seeds of the code ${code}, ${violations} violations, ${calls} calls in ${seconds} s\n`,
  ].join("");
}

const invariantsIn = (violations: readonly Violation[]) =>
  violations.map(({ invariant }) => invariant).join(", ");

/** Looks for the first seed that catches a mutant. */
async function hunt(first: number, seeds: number, options: SeedsOptions): Promise<Summary> {
  const { failures, ...rest } = await runSeeds(first, seeds, options);
  const [caught] = failures;
  process.stdout.write(
    caught
      ? `seed ${caught.seed} catches it: ${invariantsIn(caught.violations)}\n`
      : `None of the ${seeds} seeds catches it.\n`,
  );
  const violations = caught?.violations.length ?? 0;
  return { ...rest, violations, code: playedCode(), tooLittle: [] };
}

/** Records a seed that catches each mutant. @returns the exit code: 1 where no seed was found for one */
async function record(): Promise<number> {
  const changed = await recordSeeds(MUTANTS.filter(isSeeded));
  for (const { name, before, after } of changed)
    process.stdout.write(`${name}: ${before} catches nothing; ${after ?? "no seed"} does\n`);
  process.stdout.write(`${changed.length} seeds were out of date.\n`);
  return changed.some(({ after }) => after === undefined) ? 1 : 0;
}

/** Looks for seeds that break an invariant, and says of the first how. */
async function search(first: number, seeds: number, options: SeedsOptions): Promise<Summary> {
  const { failures, ...rest } = await runSeeds(first, seeds, options);
  const [worst] = failures;
  const without = options.without ?? new Set();
  if (worst) {
    process.stdout.write(`seed ${worst.seed}\n`);
    printViolations(worst.violations);
  }
  printFailures(failures, [...without].map((kind) => ` --without ${kind}`).join(""));
  const violations = failures.reduce((sum, failure) => sum + failure.violations.length, 0);
  const isEnough = seeds >= SEEDS && without.size === 0;
  const missing = isEnough ? tooLittle(rest.counts, seeds) : [];
  return { ...rest, violations, code: playedCode(), tooLittle: missing };
}

/** @param flags what a replay needs besides the seed */
function printFailures(failures: SeedsRun["failures"], flags: string): void {
  const counts = Object.groupBy(
    failures.flatMap(({ violations: [first] }) => first ?? []),
    ({ invariant }) => invariant,
  );
  for (const [invariant, all] of Object.entries(counts))
    process.stdout.write(`${invariant}: ${all.length} seeds\n`);
  for (const { seed, violations } of failures.slice(0, MOST_LISTED))
    process.stdout.write(
      `seed ${seed}: ${invariantsIn(violations)} (replay: --seed ${seed}${flags})\n`,
    );
  if (failures.length > MOST_LISTED)
    process.stdout.write(`… and ${failures.length - MOST_LISTED} more seeds\n`);
}

/** Milliseconds between two lines about how far the run is. */
const PROGRESS_EVERY = 10_000;

/** Says on standard error how far the run is. */
function progressOf(seeds: number): (progress: SeedsProgress) => void {
  let saidAt = performance.now();
  return ({ done, failed }) => {
    if (performance.now() - saidAt < PROGRESS_EVERY) return;
    saidAt = performance.now();
    process.stderr.write(`${done} of ${seeds} seeds, ${failed} of them with violations\n`);
  };
}

await runScript({ script: "simulate", help: HELP, options: OPTIONS }, async ({ values }) => {
  if (values["record-seeds"]) return record();
  const first = wholeNumber("first", values.first);
  const seeds = wholeNumber("seeds", values.seeds, 1);
  const without: Without = new Set(
    (values.without ?? []).map((kind) => oneOf("without", kind, UNKINDNESSES)),
  );
  const workers =
    values.workers === undefined ? undefined : wholeNumber("workers", values.workers, 1);
  const names = MUTANTS.map(({ name }) => name);
  const mutant = values.mutant === undefined ? undefined : oneOf("mutant", values.mutant, names);
  const run = () => {
    const options = { without, workers, onProgress: progressOf(seeds) };
    if (mutant !== undefined) return hunt(first, seeds, { ...options, mutant });
    if (values.seed !== undefined) return replay(wholeNumber("seed", values.seed), without);
    return search(first, seeds, options);
  };
  const summary = await run();
  process.stdout.write(values.json ? `${JSON.stringify(summary)}\n` : asText(summary));
  return summary.violations > 0 || summary.tooLittle.length > 0 ? 1 : 0;
});
