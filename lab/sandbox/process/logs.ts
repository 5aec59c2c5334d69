/** The sandbox's log files. */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";
import { visibleJsonText } from "../../../shared/domain/values/visible-text.ts";

export interface Logs {
  readonly dir: string;
  /** A line of the sandbox itself, to `sandbox.log`. */
  readonly say: (line: string) => void;
  /** Opens `<name>.log`. Its lines are also copied to stderr where the sandbox is verbose. */
  readonly open: (name: string) => (line: string) => void;
  /** Opens `<name>.log`, whose lines are never copied: there are too many of them. */
  readonly openQuiet: (name: string) => (line: string) => void;
  close(): void;
}

/** @param verbose copies lines to stderr */
export function openLogs(dir: string, verbose: boolean): Logs {
  mkdirSync(dir, { recursive: true });
  let isOpen = true;
  const files: number[] = [];
  const openQuiet = (name: string) => {
    const file = openSync(path.join(dir, `${name}.log`), "a");
    files.push(file);
    // A stream would hand each line to another thread, which takes longer than the line. And no line is lost.
    return (line: string) => void (isOpen && writeSync(file, `${visibleJsonText(line)}\n`));
  };
  const open = (name: string) => {
    const write = openQuiet(name);
    return (line: string) => {
      write(line);
      if (verbose) process.stderr.write(`${name}: ${visibleJsonText(line)}\n`);
    };
  };
  return {
    dir,
    say: open("sandbox"),
    open,
    openQuiet,
    close() {
      isOpen = false;
      for (const file of files) closeSync(file);
    },
  };
}
