/** `npm run fuzz`: the fuzz tests, with more inputs than the suite gives them. */
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { runScript, UsageError, wholeNumber } from "../lab/command-line.ts";

const HELP = `npm run fuzz -- [options]

Runs the fuzz tests from a new seed each time. The first line prints the seed. The runs are made in
chunks, one on each core, and each chunk has a seed of its own and a line when it is done. The first
chunk that fails is printed, with the command that repeats it. A line says how many cases of a kind were
reached so far, where a test counts them.

  --runs N    inputs for each property (default: 200000)
  --only S    the tests alone whose file's name contains S, such as policy-workflow
  --chunk N   inputs of a chunk (default: 5000)
  --seed S    the seed, to repeat a run
  --help      print this
`;

const OPTIONS = {
  runs: { type: "string", default: "200000" },
  only: { type: "string", default: "" },
  chunk: { type: "string", default: "5000" },
  seed: { type: "string" },
} as const;

const ROOT = path.resolve(import.meta.dirname, "..");
const VITEST = path.join(ROOT, "node_modules/vitest/vitest.mjs");

interface Chunk {
  readonly runs: number;
  readonly seed: number;
}

/** Runs one chunk. Answers its output and vitest's exit code. */
function runChunk(files: readonly string[], { runs, seed }: Chunk) {
  const child = spawn(
    process.execPath,
    [VITEST, "run", "--project", "unit", ...files, "--testTimeout=0"],
    {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, FUZZ_RUNS: String(runs), FUZZ_SEED: String(seed) },
    },
  );
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (data: Buffer) => void printed.push(data));
  return new Promise<{ readonly code: number; readonly printed: string }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code: code ?? 1, printed: Buffer.concat(printed).toString() }),
    );
  });
}

/** @returns the exit code: that of the first chunk that fails, after which no other begins */
async function fuzz(files: readonly string[], chunks: readonly Chunk[], again: string) {
  const all = chunks.reduce((sum, { runs }) => sum + runs, 0);
  const waiting = [...chunks];
  let done = 0;
  let failed = 0;
  const reached = new Map<string, number>();
  const work = async () => {
    for (let chunk = waiting.shift(); chunk && failed === 0; chunk = waiting.shift()) {
      const { code, printed } = await runChunk(files, chunk);
      done += chunk.runs;
      for (const [, count, what = ""] of printed.matchAll(/^reached (\d+) (.+)$/gm))
        reached.set(what, (reached.get(what) ?? 0) + Number(count));
      const verdict = code === 0 ? "holds" : "FAILS";
      const sums = [...reached].map(([what, count]) => `; reached ${count} ${what}`).join("");
      process.stdout.write(`${verdict}  seed ${chunk.seed}: ${done} of ${all} runs${sums}\n`);
      if (code === 0) continue;
      failed ||= code;
      const { runs, seed } = chunk;
      process.stdout.write(
        `${printed}\nRepeat it: npm run fuzz -- ${again}--runs ${runs} --chunk ${runs} --seed ${seed}\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return failed;
}

/** @throws UsageError where no fuzz test is called so */
function filesNamed(only: string): readonly string[] {
  const found = readdirSync(path.join(ROOT, "test/fuzz"))
    .filter((name) => name.endsWith(".test.ts") && name.includes(only))
    .map((name) => `test/fuzz/${name}`);
  if (found.length === 0) throw new UsageError(`No fuzz test has ${only} in its name.`);
  return found;
}

function chunksOf(runs: number, size: number, seed: number): readonly Chunk[] {
  if (size === 0) throw new UsageError("--chunk takes at least 1.");
  return Array.from({ length: Math.ceil(runs / size) }, (_, at) => ({
    runs: Math.min(size, runs - at * size),
    seed: seed + at,
  }));
}

await runScript({ script: "fuzz", help: HELP, options: OPTIONS }, ({ values }) => {
  const { only } = values;
  const [runs, size] = [wholeNumber("runs", values.runs, 1), wholeNumber("chunk", values.chunk, 1)];
  const seed =
    values.seed === undefined ? randomInt(900_000_000) : wholeNumber("seed", values.seed);
  const files = filesNamed(only);
  const chunks = chunksOf(runs, size, seed);
  process.stdout.write(
    `seed ${seed}, ${runs} runs of each property in ${chunks.length} chunks: ${files.join(", ")}\n`,
  );
  return fuzz(files, chunks, only === "" ? "" : `--only ${only} `);
});
