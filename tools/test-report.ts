/** Vitest's JSON report: its counts, and its failures as they are shown again at the end of a run. */
import { readFileSync } from "node:fs";
import path from "node:path";

/** How many passed and failed, and what is shown of each failure: lines without a margin. */
export interface Result {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly (readonly string[])[];
}

/** The part that is read. Vitest writes it for its reporter `json`. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly FileResult[];
}

interface FileResult {
  /** The file's absolute path. */
  readonly name: string;
  readonly status: string;
  /** Why the file could not be loaded; empty where it could. */
  readonly message: string;
  readonly assertionResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages?: readonly string[];
  }[];
}

/** The lines of a message that are shown: the rest stands where the test ran. */
const LINES = 8;

/**
 * Reads the report of a run that ended with `code`. A run that failed without a failed test, such
 * as one with a file that does not load, counts as one failure.
 */
export function readReport(file: string, code: number, root: string): Result {
  const report = parsed(file);
  const failures = report?.testResults.flatMap((result) => failuresOf(result, root)) ?? [];
  const passed = report?.numPassedTests ?? 0;
  const failed = report?.numFailedTests ?? 0;
  if (code === 0 || failed > 0) return { passed, failed, failures };
  const why = `The tests ended with ${code}, and no test failed. The output above says why.`;
  return { passed, failed: 1, failures: failures.length > 0 ? failures : [[why]] };
}

/** Vitest may end before it has written a report. */
function parsed(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Report;
  } catch {
    return undefined;
  }
}

function failuresOf(result: FileResult, root: string): readonly (readonly string[])[] {
  const { name, status, message, assertionResults } = result;
  const file = path.relative(root, name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length === 0) return status === "failed" ? [[`✘ ${file}`, ...shown([message])]] : [];
  return failed.map(({ fullName, failureMessages = [] }) => [
    `✘ ${file}: ${fullName.trim()}`,
    ...shown(failureMessages),
  ]);
}

const shown = (messages: readonly string[]): readonly string[] =>
  messages
    .join("\n")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(0, LINES)
    .map((line) => `    ${line}`);
