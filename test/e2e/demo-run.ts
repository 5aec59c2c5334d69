/** One run of `npm run demo -- --json`. */
import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import type { DemoReport } from "../../lab/sandbox/demo/report.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

interface DemoRun {
  readonly code: number | null;
  readonly report: DemoReport;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the demo. @param options beside `--json` */
export function startDemo(...options: readonly string[]) {
  const args = ["tools/node24", "lab/sandbox/demo/main.ts", "--json", ...options];
  const child = spawn("sh", args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const ended = endOf(child);
  return {
    ended,
    /** The demo stops its sandbox by itself. Where it has ended already, this has no effect. */
    async stop(): Promise<void> {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function endOf(child: ChildProcess): Promise<DemoRun> {
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    child[stream]?.setEncoding("utf8").on("data", (text: string) => {
      output[stream] += text;
    });
  return new Promise((resolve) => {
    child.once("close", (code) => {
      const last = output.stdout.trimEnd().split("\n").at(-1) ?? "";
      resolve({ code, report: JSON.parse(last) as DemoReport, ...output });
    });
  });
}
