/** Checks one run: Spin generates a verifier, gcc builds it, and it searches every history. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
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

/** Reads the output of a verifier that Spin generated. http://spinroot.com/spin/Man/Pan.html */
interface SearchResult {
  /** `incomplete`: the search met a limit, so it proves nothing. */
  readonly result: "holds" | "refuted" | "incomplete";
  readonly states: number;
  /** The longest history, in steps. */
  readonly depth: number;
  readonly megabytes: number;
  /** Why it is incomplete. */
  readonly limit?: string;
}

/** Messages of a search that was not exhaustive. */
const LIMITS: readonly RegExp[] = [
  /max search depth too small/,
  /out of memory/,
  /reached -DMEMLIM bound/,
  /Search not completed/,
  /Bit statespace search/,
  /Hash-Compact/,
];

/** The result of a search. Output without a count of errors is `incomplete`. */
export function readPanOutput(text: string): SearchResult {
  const number = (pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const errors = number(/errors: (\d+)/);
  const counts = {
    states: number(/^\s*(\d[\d.e+]*) states, stored/m),
    depth: number(/depth reached (\d+)/),
    megabytes: number(/^\s*(\d[\d.]*)\s+total actual memory usage/m),
  };
  // A counterexample counts, although it ends the search.
  if (errors > 0) return { result: "refuted", ...counts };
  const limit = LIMITS.map((each) => each.exec(text)?.[0]).find((each) => each !== undefined);
  if (limit !== undefined) return { result: "incomplete", ...counts, limit };
  if (errors === 0) return { result: "holds", ...counts };
  return { result: "incomplete", ...counts, limit: text.trim().split("\n").at(-1) ?? "no output" };
}
