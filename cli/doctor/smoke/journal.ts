/** The things that were made and are not removed yet, in a file that outlives this process. */
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { keyOf, type Thing } from "./thing.ts";

export interface Journal {
  /**
   * Writes down what is about to be made, and then makes it.
   *
   * @throws whatever `how` throws: the thing may have been made all the same
   */
  make<Made>(thing: Thing, how: () => Promise<Made>): Promise<Made>;
  /** A read has shown that it is not there. */
  gone(thing: Thing): void;
  /** Things that may be there: of this run, and of an earlier one. */
  left(): readonly Thing[];
  /** Forgets the file, where nothing is left. */
  close(): void;
}

interface Line {
  readonly made?: Thing;
  readonly gone?: Thing;
}

/**
 * @param before told what is about to be made, once the file has it. It may throw: nothing is made then
 */
export function openJournal(file: string, before: (thing: Thing) => void): Journal {
  const left = new Map<string, Thing>();
  for (const { made, gone } of linesIn(file)) {
    if (made) left.set(keyOf(made), made);
    if (gone) left.delete(keyOf(gone));
  }
  const add = (line: Line) => append(file, `${JSON.stringify(line)}\n`);
  return {
    async make(thing, how) {
      add({ made: thing });
      left.set(keyOf(thing), thing);
      before(thing);
      return how();
    },
    gone(thing) {
      if (!left.delete(keyOf(thing))) return;
      add({ gone: thing });
    },
    left: () => [...left.values()],
    close() {
      if (left.size === 0) rmSync(file, { force: true });
    },
  };
}

/** A crash may have cut off the last line: what it was about was not made. */
function linesIn(file: string): readonly Line[] {
  const text = textOf(file);
  return text.split("\n").flatMap((line) => {
    try {
      return [JSON.parse(line) as Line];
    } catch {
      return [];
    }
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}

/** Returns once the line is on the disk. */
function append(file: string, line: string): void {
  const descriptor = openSync(file, "a", 0o600);
  try {
    writeSync(descriptor, line);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
