import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/**
 * Gives a test run a temporary folder of its own, and removes it at the end. So nothing stays behind
 * that a test, the CDK or a sandbox makes in `os.tmpdir()`. Vitest calls this before its workers start.
 *
 * @returns what ends the run
 */
export function setup(): () => void {
  const before = process.env["TMPDIR"];
  const folder = mkdtempSync(path.join(tmpdir(), "timelatch-tests-"));
  process.env["TMPDIR"] = folder;
  return () => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    // A process that is about to end may still write into it.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
