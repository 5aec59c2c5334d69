/** `npm run fuzz -- --runs N [--seed S]`: the fuzz tests, longer than the suite runs them. */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import path from "node:path";
import { parseArgs } from "node:util";

const ROOT = path.resolve(import.meta.dirname, "..");
const { values } = parseArgs({
  options: { runs: { type: "string", default: "200000" }, seed: { type: "string" } },
});
const seed = values.seed ?? String(randomInt(2 ** 31));
if (![values.runs, seed].every((text) => /^\d{1,10}$/.test(text))) {
  process.stderr.write("--runs and --seed are whole numbers. Nothing was run.\n");
  process.exit(2);
}
process.stdout.write(`seed ${seed}, ${values.runs} runs a property\n`);
const child = spawn(
  process.execPath,
  [path.join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "test/fuzz", "--testTimeout=0"],
  {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, FUZZ_RUNS: values.runs, FUZZ_SEED: seed },
  },
);
child.once("exit", (code) => {
  process.exitCode = code ?? 1;
});
