/**
 * Appends a line of JSON for each test file to the file that `TIMELATCH_TEST_TIMES` names: the seconds of processor of
 * the worker itself and of the programs that it waited for, and the seconds that passed. Linux only.
 */
import { appendFileSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect } from "vitest";

/** The clock ticks of a second, which Linux has not changed in decades. */
const TICKS = 100;

/** Seconds of processor, by proc_pid_stat(5): user and system, of this process and of its children that have ended. */
function spent() {
  const stat = readFileSync("/proc/self/stat", "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const sum = (first: number) => (Number(fields[first]) + Number(fields[first + 1])) / TICKS;
  return { own: sum(11), programs: sum(13), passed: performance.now() / 1_000 };
}

const out = process.env["TIMELATCH_TEST_TIMES"];
if (out !== undefined) {
  const before = spent();
  afterAll(() => {
    const after = spent();
    const since = (name: keyof typeof after) => Number((after[name] - before[name]).toFixed(2));
    const file = path.relative(process.cwd(), expect.getState().testPath ?? "");
    const times = { own: since("own"), programs: since("programs"), passed: since("passed") };
    appendFileSync(out, `${JSON.stringify({ file, ...times })}\n`);
  });
}
