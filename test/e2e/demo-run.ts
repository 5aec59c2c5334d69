/** One run of `npm run demo -- --json`, which the tests of a file share. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { DemoReport } from "../../lab/sandbox/demo/report.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** It takes about 45 s on an idle machine. */
const LIMIT_MS = 10 * 60_000;

interface DemoRun {
  readonly code: number | null;
  readonly report: DemoReport;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Plays the demo to its end before the tests of the file.
 *
 * @param options beside `--json`
 * @returns the run, for the tests
 */
export function playDemo(...options: readonly string[]): () => DemoRun {
  const args = ["tools/node24", "lab/sandbox/demo/main.ts", "--json", ...options];
  const child = spawn("sh", args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const ended = endOf(child);
  let run: DemoRun;
  beforeAll(async () => {
    run = reportedBy(await ended);
  }, LIMIT_MS);
  // The demo stops its sandbox by itself; if it has ended already, this has no effect.
  afterAll(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  return () => run;
}

function endOf(child: ChildProcess): Promise<Omit<DemoRun, "report">> {
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  return new Promise((resolve) => {
    child.once("close", (code) => resolve({ code, ...output }));
  });
}

function reportedBy(ended: Omit<DemoRun, "report">): DemoRun {
  const last = ended.stdout.trimEnd().split("\n").at(-1) ?? "";
  if (last === "") throw new Error(`The demo printed no report, and on stderr:\n${ended.stderr}`);
  return { ...ended, report: JSON.parse(last) as DemoReport };
}
