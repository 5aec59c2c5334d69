import { vi } from "vitest";

/**
 * How much a fuzz test does. The suite runs a fixed number from a fixed seed, so that it says the
 * same each time; `npm run fuzz -- --runs N` runs more, from a seed of its own, which it prints.
 */
export function fuzzRuns(usual: number): { readonly numRuns: number; readonly seed: number } {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  return { numRuns: Number(FUZZ_RUNS ?? usual), seed: Number(FUZZ_SEED ?? 4_711) };
}

/** Inputs of a heavy case count for many, so that a chunk of `npm run fuzz` ends in minutes. */
const HEAVY = 25;

/** The same for a test whose inputs take a tenth of a second each. */
export function fuzzHeavy(usual: number): { readonly numRuns: number; readonly seed: number } {
  const { numRuns, seed } = fuzzRuns(usual * HEAVY);
  return { numRuns: Math.ceil(numRuns / HEAVY), seed };
}

/**
 * Sets how long each test of the file may take, in milliseconds. With more inputs there is no
 * limit.
 */
export const fuzzTime = (usual: number): void =>
  void vi.setConfig({ testTimeout: process.env["FUZZ_RUNS"] === undefined ? usual : 0 });

/** How many cases of each kind a run has to reach: few, where somebody chose the number of inputs. */
export const fuzzLeast = (usual: number): number =>
  process.env["FUZZ_RUNS"] === undefined ? usual : 1;

/** How many asks there are for each file: few where there are many files. */
export const fuzzAsks = (usual: number): number =>
  process.env["FUZZ_RUNS"] === undefined ? usual : Math.min(usual, 4);

/** Says how many cases of a kind a run reached; `npm run fuzz` adds them up. Silent in the suite. */
export function fuzzReached(count: number, what: string): void {
  if (process.env["FUZZ_RUNS"] !== undefined) process.stdout.write(`reached ${count} ${what}\n`);
}
