/** One sandbox a folder: a lock file with the process id of the running sandbox. */
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process exists and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const holder = (file: string): number => {
  try {
    return Number.parseInt(readFileSync(file, "utf8"), 10);
  } catch {
    return Number.NaN;
  }
};

/**
 * Takes the lock, or takes it over from a process that has ended. Answers what releases it.
 * Throws where another sandbox runs, with its process id.
 */
export function takeLock(file: string): () => void {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid}\n`);
  try {
    for (let tries = 0; ; tries += 1) {
      try {
        // A link fails where the file exists: of two that start at once, one wins.
        linkSync(own, file);
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const pid = holder(file);
      if (pid !== process.pid && alive(pid))
        throw new Error(
          `Another sandbox (process ${pid}) already runs in this folder. Nothing was started. Stop it with: kill ${pid} — or start this one elsewhere with --dir.`,
        );
      if (tries > 1) throw new Error(`${file} could not be taken over. Remove it and start again.`);
      rmSync(file, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    if (holder(file) === process.pid) rmSync(file, { force: true });
  };
}
