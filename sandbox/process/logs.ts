/** The sandbox's log files, and its own words on stderr. */
import { createWriteStream, mkdirSync, type WriteStream } from "node:fs";
import path from "node:path";
import { visibleJsonText } from "../../shared/domain/values/visible-text.ts";

export interface Logs {
  readonly dir: string;
  /** What the sandbox itself has to say. */
  readonly say: (line: string) => void;
  /** Lines that go to `<name>.log` and, named, to stderr. */
  readonly shown: (name: string) => (line: string) => void;
  /** Lines that go to `<name>.log` alone. */
  readonly kept: (name: string) => (line: string) => void;
  close(): void;
}

export function openLogs(dir: string): Logs {
  mkdirSync(dir, { recursive: true });
  const streams: WriteStream[] = [];
  const kept = (name: string) => {
    const stream = createWriteStream(path.join(dir, `${name}.log`), { flags: "a" });
    streams.push(stream);
    return (line: string) => void stream.write(`${visibleJsonText(line)}\n`);
  };
  return {
    dir,
    say: (line) => void process.stderr.write(`sandbox: ${visibleJsonText(line)}\n`),
    shown(name) {
      const keep = kept(name);
      return (line) => {
        keep(line);
        process.stderr.write(`${name}: ${visibleJsonText(line)}\n`);
      };
    },
    kept,
    close() {
      for (const stream of streams) stream.end();
    },
  };
}
