/** A service's state in a file of the sandbox's folder, so that it outlives a restart. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Store } from "../aws/store.ts";

export interface FileStore<State> extends Store<State> {
  /** Saves changes that are not yet saved. */
  flush(): void;
}

/** Changes within this time are one write. A `kill -9` may lose them. */
const DELAY_MS = 20;

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
};

/**
 * Writes a new file and renames it: a reader sees the old state or the new one, never half. It does not wait
 * for the disk, so that a machine without power may lose the state. A process that is killed loses nothing.
 */
function replace(file: string, text: string): void {
  const beside = `${file}.new`;
  writeFileSync(beside, text);
  renameSync(beside, file);
}

/**
 * Opens `file`, or starts with `initial()` without one. Throws for a file that is not JSON, with
 * advice.
 */
export function fileStore<State>(file: string, initial: () => State): FileStore<State> {
  const text = read(file);
  let state: State;
  try {
    state = text === undefined ? initial() : (JSON.parse(text) as State);
  } catch (error) {
    throw new Error(
      `${file} is not the sandbox's state (${(error as Error).message}). Nothing was started. Start with --fresh to delete the state, or repair the file.`,
    );
  }
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    replace(file, JSON.stringify(state));
  };
  const schedule = () => {
    timer ??= setTimeout(flush, DELAY_MS);
  };
  if (text === undefined) schedule();
  return {
    get state() {
      return state;
    },
    change(mutate) {
      // Also if it throws: it may have changed something before.
      schedule();
      return mutate(state);
    },
    flush,
  };
}
