/** Checks one run: Spin generates a verifier, gcc builds it, and it searches every history. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readPanOutput, type SearchResult } from "./pan-output.ts";
import type { Run } from "./runs.ts";

export const MODEL = path.join(import.meta.dirname, "binding.pml");

/** How much memory a verifier may use, in megabytes. */
const MEMORY = 6_000;
/** The most steps in a history. A longer history makes the run incomplete; none comes close. */
const DEPTH = 100_000;

export interface Checked extends SearchResult {
  readonly run: Run;
  readonly asExpected: boolean;
  readonly seconds: number;
  /** The property that the counterexample breaks. */
  readonly found?: string;
  /** The command that replays the counterexample; present where none was expected. */
  readonly replay?: string;
}

export const macrosOf = ({ bounds, macros }: Run): readonly string[] => [
  ...Object.entries(bounds).map(([bound, most]) => `-D${bound.toUpperCase()}=${most}`),
  ...macros.map((macro) => `-D${macro}`),
];

/** @throws Error where Spin or gcc rejects the model */
export async function check(run: Run): Promise<Checked> {
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-model-"));
  const began = performance.now();
  let keep = false;
  try {
    const macros = macrosOf(run);
    await must(folder, "spin", ["-a", ...macros, MODEL]);
    await must(folder, "gcc", ["-w", "-o", "pan", ...compilerOptions(run), "pan.c"]);
    const searched = readPanOutput((await output(folder, "./pan", [`-m${DEPTH}`])).text);
    const seconds = (performance.now() - began) / 1_000;
    const asExpected = searched.result === run.expected;
    const trail = path.join(folder, `${path.basename(MODEL)}.trail`);
    const replay = ["-t", "-k", trail, ...macros, MODEL];
    if (searched.result !== "refuted") return { ...searched, run, asExpected, seconds };
    keep = !asExpected;
    return {
      ...searched,
      run,
      asExpected,
      seconds,
      found: propertyIn((await output(folder, "spin", replay)).text),
      ...(keep ? { replay: `spin ${replay.join(" ")}` } : {}),
    };
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

/** COLLAPSE compresses states without loss. Optimising takes longer than a counterexample does. */
const compilerOptions = ({ expected }: Run): readonly string[] => [
  expected === "holds" ? "-O2" : "-O0",
  "-DCOLLAPSE",
  "-DSAFETY",
  `-DMEMLIM=${MEMORY}`,
];

/** The property that the counterexample breaks, as the model prints it. */
const propertyIn = (replayed: string): string =>
  /^\s*(?:broken|reached): (.*)$/m.exec(replayed)?.[1] ?? "an assertion";

async function must(folder: string, command: string, args: readonly string[]): Promise<void> {
  const { code, text } = await output(folder, command, args);
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} failed:\n${text}`);
}

function output(
  cwd: string,
  command: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    const collect = (chunk: Buffer) => {
      text += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
}
