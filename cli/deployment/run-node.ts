/** Runs a program of the working directory under the Node.js that runs this. */
import { spawn } from "node:child_process";
import { isSea } from "node:sea";

export interface Ended {
  readonly code: number;
  /** The text that it wrote on either stream, in order. */
  readonly said: string;
}

export interface NodeRun {
  /** The working directory. */
  readonly folder: string;
  /** From the working directory. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Hears what it writes, as it comes. */
  readonly hear?: (text: string) => void;
}

export type RunNode = (run: NodeRun) => Promise<Ended>;

/** The single executable is no Node.js for other programs. */
const nodeOf = (): string => (isSea() ? "node" : process.execPath);

/** @throws Error where it cannot be started */
export const runNode: RunNode = ({ folder, script, args = [], env, hear }) =>
  new Promise((resolve, reject) => {
    const child = spawn(nodeOf(), [script, ...args], {
      cwd: folder,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        said += text;
        hear?.(text);
      });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, said }));
  });
