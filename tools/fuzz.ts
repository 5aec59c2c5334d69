/** `npm run fuzz`: the fuzz tests, with more inputs than the suite gives them. */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import path from "node:path";
import { runScript, wholeNumber } from "./command-line.ts";

const HELP = `npm run fuzz -- [options]

Runs the fuzz tests from a new seed each time. The first line prints the seed.

  --runs N    inputs for each property (default: 200000)
  --seed S    the seed, to repeat a run
  --help      print this
`;

const OPTIONS = {
  runs: { type: "string", default: "200000" },
  seed: { type: "string" },
} as const;

const ROOT = path.resolve(import.meta.dirname, "..");
const VITEST = path.join(ROOT, "node_modules/vitest/vitest.mjs");

/** @returns vitest's exit code */
function fuzz(runs: number, seed: number): Promise<number> {
  const child = spawn(process.execPath, [VITEST, "run", "test/fuzz", "--testTimeout=0"], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) },
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

await runScript({ script: "fuzz", help: HELP, options: OPTIONS }, ({ values }) => {
  const runs = wholeNumber("runs", values.runs);
  const seed =
    values.seed === undefined ? randomInt(1_000_000_000) : wholeNumber("seed", values.seed);
  process.stdout.write(`seed ${seed}, ${runs} runs of each property\n`);
  return fuzz(runs, seed);
});
