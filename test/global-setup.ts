import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** Linux's files in memory. A container may have too few of them, or let no program run there. */
const SHARED_MEMORY = "/dev/shm";
const LEAST_BYTES = 8 * 1_024 ** 3;

/**
 * The folder in which runs make theirs: in memory, where there is room. Sandboxes replace their files thousands of
 * times, and some file systems write to the disk each time.
 */
function baseFolder(): string {
  if (process.env["TMPDIR"] !== undefined || process.platform !== "linux") return tmpdir();
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    if (bavail * bsize < LEAST_BYTES) return tmpdir();
    removeLeft();
    const folder = mkdtempSync(path.join(SHARED_MEMORY, "timelatch-"));
    const program = path.join(folder, "program");
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o700 });
    const { status } = spawnSync(program);
    rmSync(folder, { recursive: true });
    return status === 0 ? SHARED_MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** A run that was killed leaves its folder, which would take memory until the machine restarts. */
function removeLeft(): void {
  for (const name of readdirSync(SHARED_MEMORY)) {
    const pid = /^timelatch-tests-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(path.join(SHARED_MEMORY, name), { recursive: true, force: true });
  }
}

/**
 * Gives a test run a temporary folder of its own, and removes it at the end. So nothing stays behind
 * that a test, the CDK or a sandbox makes in `os.tmpdir()`. Vitest calls this before its workers start.
 *
 * @returns what ends the run
 */
export function setup(): () => void {
  const before = process.env["TMPDIR"];
  const folder = mkdtempSync(path.join(baseFolder(), `timelatch-tests-${process.pid}-`));
  process.env["TMPDIR"] = folder;
  return () => {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
    // A process that is about to end may still write into it.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
