/**
 * How much a fuzz test does. The suite runs a fixed number from a fixed seed, so that it says the
 * same each time; `npm run fuzz -- --runs N` runs more, from a seed of its own, which it prints.
 */
export function fuzzRuns(usual: number): { readonly numRuns: number; readonly seed: number } {
  const { FUZZ_RUNS, FUZZ_SEED } = process.env;
  return { numRuns: Number(FUZZ_RUNS ?? usual), seed: Number(FUZZ_SEED ?? 4_711) };
}
