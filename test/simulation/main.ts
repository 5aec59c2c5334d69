/**
 * `npm run simulate -- [--seeds N] [--first S] [--seed S] [--mutant NAME] [--lag] [--overlap] [--json]`
 *
 * Runs the real domain and use cases on in-memory ports and virtual time, one life of some grants
 * for each seed. `--seed` replays one seed and prints all that happened in it. `--mutant` breaks the
 * protocol in one way of `mutants.ts`, and looks for the first seed that shows it. With `--lag`
 * reads are stale, calls land as late as they can, and kept connections die. With `--overlap` runs
 * for one binding overlap.
 */
import { parseArgs } from "node:util";
import { INVARIANTS } from "./invariants.ts";
import { MUTANTS } from "./mutants.ts";
import { instantOf } from "./network.ts";
import type { Allowed } from "./profile.ts";
import { runSeeds } from "./run-seeds.ts";
import { simulate } from "./simulate.ts";

const USAGE =
  "usage: npm run simulate -- [--seeds N] [--first S] [--seed S] [--mutant NAME] [--lag] [--overlap] [--json]\n";

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} takes a whole number, not "${text}". Nothing was run.\n${USAGE}`);
  process.exit(2);
}

async function replay(seed: number, allowed: Allowed): Promise<Summary> {
  const began = performance.now();
  const { trace, violations, calls, profile } = await simulate(seed, { ...allowed, traced: true });
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
const SHOWN = 10;

/** Looks for the first seed in which a broken protocol shows. */
async function hunt(
  mutant: string,
  first: number,
  seeds: number,
  allowed: Allowed,
): Promise<Summary> {
  const known = MUTANTS.map(({ name }) => name);
  if (!known.includes(mutant)) {
    process.stderr.write(
      `No mutant is called "${mutant}". Nothing was run. There are:\n  ${known.join("\n  ")}\n`,
    );
    process.exit(2);
  }
  const { failures, seconds, calls } = await runSeeds(first, seeds, allowed, mutant);
  const [caught] = failures;
  process.stdout.write(
    caught
      ? `seed ${caught.seed}: ${caught.violations.map(({ invariant }) => invariant).join(", ")}\n`
      : "It was not caught.\n",
  );
  return { seeds, violations: caught?.violations.length ?? 0, seconds, calls };
}

async function search(first: number, seeds: number, allowed: Allowed): Promise<Summary> {
  const { failures, seconds, calls } = await runSeeds(first, seeds, allowed);
  const [worst] = failures;
  if (worst) await replay(worst.seed, allowed);
  const flags = `${allowed.lag ? " --lag" : ""}${allowed.overlap ? " --overlap" : ""}`;
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
    lag: { type: "boolean", default: false },
    overlap: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});

const first = wholeNumber("first", values.first);
const seeds = wholeNumber("seeds", values.seeds);
const allowed: Allowed = { lag: values.lag, overlap: values.overlap };
const summary =
  values.mutant !== undefined
    ? await hunt(values.mutant, first, seeds, allowed)
    : values.seed === undefined
      ? await search(first, seeds, allowed)
      : await replay(wholeNumber("seed", values.seed), allowed);
process.stdout.write(
  values.json
    ? `${JSON.stringify(summary)}\n`
    : `${summary.seeds} seeds, ${summary.violations} violations, ${summary.calls} calls in ${summary.seconds} s\n`,
);
process.exitCode = summary.violations > 0 ? 1 : 0;
