/**
 * `npm run simulate -- [--seeds N] [--first S] [--seed S] [--mutant NAME] [--without KIND]... [--workers N] [--json]`
 *
 * Runs the real domain and use cases on in-memory ports and virtual time, one life of some grants
 * for each seed. `--seed` replays one seed and prints all that happened in it. `--mutant` breaks the
 * protocol in one way of `mutants.ts`, and looks for the first seed that shows it. `--without` leaves
 * out `lag` (stale reads, dead connections), `overlap` (of runs for one binding) or `lateness` (of
 * calls that land after minutes). Runs on every core, or with as many workers as are asked for.
 */
import { parseArgs } from "node:util";
import { INVARIANTS } from "./invariants.ts";
import { MUTANTS } from "./mutants.ts";
import { instantOf } from "./network.ts";
import { UNKINDNESSES, type Without } from "./profile.ts";
import { runSeeds, type SeedsOptions } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

const USAGE =
  "usage: npm run simulate -- [--seeds N] [--first S] [--seed S] [--mutant NAME] [--without KIND]... [--workers N] [--json]\n";

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} takes a whole number, not "${text}". Nothing was run.\n${USAGE}`);
  process.exit(2);
}

async function replay(seed: number, without: Without): Promise<Summary> {
  const began = performance.now();
  const { trace, violations, calls, profile } = await simulate(seed, { without, traced: true });
  process.stdout.write(`${trace.join("\n")}\n\nseed ${seed} (${profile})\n`);
  for (const { invariant, at, detail } of violations)
    process.stdout.write(
      `  ${instantOf(at)} ${invariant}: ${INVARIANTS[invariant]}\n    ${detail}\n`,
    );
  const seconds = Math.round(performance.now() - began) / 1_000;
  return { seeds: 1, violations: violations.length, seconds, calls };
}

interface Summary {
  readonly seeds: number;
  readonly violations: number;
  readonly seconds: number;
  readonly calls: number;
}

/** So many failures are shown; the first one with all that led to it. */
const SHOWN = 30;

/** Looks for the first seed in which a broken protocol shows. */
async function hunt(
  mutant: string,
  first: number,
  seeds: number,
  options: SeedsOptions,
): Promise<Summary> {
  const known = MUTANTS.map(({ name }) => name);
  if (!known.includes(mutant)) {
    process.stderr.write(
      `No mutant is called "${mutant}". Nothing was run. There are:\n  ${known.join("\n  ")}\n`,
    );
    process.exit(2);
  }
  const { failures, seconds, calls } = await runSeeds(first, seeds, { ...options, mutant });
  const [caught] = failures;
  process.stdout.write(
    caught
      ? `seed ${caught.seed}: ${caught.violations.map(({ invariant }) => invariant).join(", ")}\n`
      : "It was not caught.\n",
  );
  return { seeds, violations: caught?.violations.length ?? 0, seconds, calls };
}

async function search(first: number, seeds: number, options: SeedsOptions): Promise<Summary> {
  const { failures, seconds, calls } = await runSeeds(first, seeds, options);
  const [worst] = failures;
  const without = options.without ?? new Set();
  if (worst) await replay(worst.seed, without);
  const flags = [...without].map((kind) => ` --without ${kind}`).join("");
  const counts = Object.groupBy(
    failures.flatMap(({ violations: [first] }) => first ?? []),
    ({ invariant }) => invariant,
  );
  for (const [invariant, all] of Object.entries(counts))
    process.stdout.write(`${invariant}: ${all.length} seeds\n`);
  for (const { seed, violations } of failures.slice(0, SHOWN))
    process.stdout.write(
      `seed ${seed}: ${violations.map(({ invariant }) => invariant).join(", ")} (replay it with --seed ${seed}${flags})\n`,
    );
  if (failures.length > SHOWN)
    process.stdout.write(`… and ${failures.length - SHOWN} more seeds\n`);
  const violations = failures.reduce((sum, failure) => sum + failure.violations.length, 0);
  return { seeds, violations, seconds, calls };
}

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "2000" },
    first: { type: "string", default: "1" },
    seed: { type: "string" },
    mutant: { type: "string" },
    without: { type: "string", multiple: true, default: [] },
    workers: { type: "string" },
    json: { type: "boolean", default: false },
  },
});

const first = wholeNumber("first", values.first);
const seeds = wholeNumber("seeds", values.seeds);
const without: Without = new Set(UNKINDNESSES.filter((kind) => values.without.includes(kind)));
const workers = values.workers === undefined ? undefined : wholeNumber("workers", values.workers);
const summary =
  values.mutant !== undefined
    ? await hunt(values.mutant, first, seeds, { without, workers })
    : values.seed === undefined
      ? await search(first, seeds, { without, workers })
      : await replay(wholeNumber("seed", values.seed), without);
process.stdout.write(
  values.json
    ? `${JSON.stringify(summary)}\n`
    : `${summary.seeds} seeds, ${summary.violations} violations, ${summary.calls} calls in ${summary.seconds} s\n`,
);
process.exitCode = summary.violations > 0 ? 1 : 0;
