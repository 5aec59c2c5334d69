/** The process of one execution environment: Node, with AWS's own runtime interface client in it. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { compiledFolder } from "../process/code-cache.ts";
import type { FunctionResource } from "../template/stack.ts";
import {
  environmentVariables,
  type FunctionCredentials,
  type Surroundings,
} from "./environment-variables.ts";

const CLIENT = createRequire(import.meta.url).resolve("aws-lambda-ric");
const PRELOAD = new URL("./preload.mjs", import.meta.url);
const SHIFTED_CLOCK = new URL("./shifted-clock.mjs", import.meta.url).href;

export interface ProcessOptions {
  readonly fn: FunctionResource;
  readonly credentials: FunctionCredentials;
  readonly surroundings: Surroundings;
  /** How far its clock is ahead of this machine's, in milliseconds. */
  readonly clockMs: number;
  /** One line that the function wrote. */
  readonly log: (line: string) => void;
}

function preload(): string {
  const url = new URL(PRELOAD);
  const folder = compiledFolder();
  if (folder !== undefined) url.searchParams.set("compiled", folder);
  return url.href;
}

/** Starts the function's bundle. @param runtimeApi the address that it asks for events */
export function spawnFunction(
  { fn, credentials, surroundings, clockMs, log }: ProcessOptions,
  runtimeApi: string,
): ChildProcess {
  const args = [
    `--title=timelatch:${fn.name}`,
    `--max-old-space-size=${fn.memoryMb}`,
    `--import=${preload()}`,
    ...(clockMs === 0 ? [] : [`--import=${SHIFTED_CLOCK}?ms=${clockMs}`]),
    CLIENT,
    fn.handler,
  ];
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: fn.codeDir,
    // Ctrl-C reaches only the sandbox, which lets a running event end first.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environmentVariables(fn, credentials, surroundings, runtimeApi),
  });
  // Node leaves both out where it could not start the process.
  for (const stream of [child.stdout, child.stderr])
    if (stream) createInterface({ input: stream }).on("line", log);
  return child;
}
