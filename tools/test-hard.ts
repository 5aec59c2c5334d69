/** `npm run test:hard`: the whole `npm test` on a busy machine, and on one core. */
import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import path from "node:path";
import { oneOf, runScript, wholeNumber } from "../lab/command-line.ts";

const HELP = `npm run test:hard -- [options]

Runs 'npm test' with a busy loop beside it for each core, and then on one core. A test that depends on the
machine's speed fails here. The last line is "N runs passed, N runs failed". It takes an hour or more.

  --runs N     how often it runs in each way (default: 1)
  --only WAY   busy, one-core or idle: run in this way only, which may be named several times
               (default: busy and one-core)
  --help       print this

One core needs taskset, which is part of util-linux.
`;

const OPTIONS = {
  runs: { type: "string", default: "1" },
  only: { type: "string", multiple: true },
} as const;

const WAYS = ["idle", "busy", "one-core"] as const;
type Way = (typeof WAYS)[number];

const ROOT = path.resolve(import.meta.dirname, "..");
const TESTS = [process.execPath, path.join(ROOT, "tools/test.ts")];

/** How each way starts the tests, and how many busy loops stand beside them. */
const STARTED: Readonly<
  Record<Way, { readonly words: readonly string[]; readonly loops: number }>
> = {
  idle: { words: TESTS, loops: 0 },
  busy: { words: TESTS, loops: availableParallelism() },
  "one-core": { words: ["taskset", "-c", "0", ...TESTS], loops: 0 },
};

/** The loop ends with this process, since its input ends then. */
const LOOP =
  "process.stdin.resume().on('end', () => process.exit()); (function spin() { for (const end = Date.now() + 50; Date.now() < end;); setImmediate(spin); })()";

const busyLoop = (): ChildProcess =>
  spawn(process.execPath, ["-e", LOOP], { stdio: ["pipe", "ignore", "ignore"] });

/** @returns the exit code of the tests, and the seconds that they took */
async function runOnce(way: Way): Promise<{ readonly code: number; readonly seconds: number }> {
  const { words, loops } = STARTED[way];
  const [command = "", ...args] = words;
  const busy = Array.from({ length: loops }, busyLoop);
  const began = performance.now();
  try {
    const child = spawn(command, args, { cwd: ROOT, stdio: "inherit" });
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (status) => resolve(status ?? 1));
    });
    return { code, seconds: Math.round((performance.now() - began) / 1_000) };
  } finally {
    for (const loop of busy) loop.kill();
  }
}

const commandLine = { script: "test:hard", help: HELP, options: OPTIONS };
await runScript(commandLine, async ({ values: { runs, only = ["busy", "one-core"] } }) => {
  const ways = only.map((name) => oneOf("only", name, WAYS));
  const times = wholeNumber("runs", runs, 1);
  const lines: string[] = [];
  let failed = 0;
  for (const way of ways)
    for (let run = 1; run <= times; run += 1) {
      process.stdout.write(`\n▶ ${way}, run ${run} of ${times}\n`);
      const { code, seconds } = await runOnce(way);
      if (code !== 0) failed += 1;
      lines.push(
        `${way.padEnd(9)} run ${run}: ${code === 0 ? "passed" : "failed"} in ${seconds} s`,
      );
    }
  process.stdout.write(`\n${lines.join("\n")}\n`);
  process.stdout.write(`${lines.length - failed} runs passed, ${failed} runs failed\n`);
  return failed === 0 ? 0 : 1;
});
