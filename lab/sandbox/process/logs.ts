/** The sandbox's log files. */
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
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
  const streams: WriteStream[] = [];
  const openQuiet = (name: string) => {
    const stream = createWriteStream(path.join(dir, `${name}.log`), { flags: "a" });
    streams.push(stream);
    return (line: string) => void stream.write(`${visibleJsonText(line)}\n`);
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
      for (const stream of streams) stream.end();
    },
  };
}
