/** Runs `timelatch`: by its real launcher, as a shell would, or in this process, which is faster. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "../../cli/run-command-line.ts";
import type { Stream } from "../../cli/terminal/screen.ts";
import { ACCESS_KEY, SECRET_KEY, SESSION_TOKEN } from "./loopback-api.ts";

export const LAUNCHER = fileURLToPath(new URL("../../cli/timelatch", import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves once standard error holds the text. */
  said(text: string): Promise<void>;
}

const ENVIRONMENT = {
  PATH: process.env["PATH"],
  // No profile of the machine that the test runs on.
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  AWS_SESSION_TOKEN: SESSION_TOKEN,
  AWS_REGION: "us-west-2",
  AWS_EC2_METADATA_DISABLED: "true",
  TZ: "America/Los_Angeles",
  // The CDK command and apps that a command starts find what Node.js compiled for others.
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
};

export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly stdin?: string;
  readonly launcher?: string;
  readonly cwd?: string;
}

export function start(
  args: readonly string[],
  { env = {}, stdin = "", launcher = LAUNCHER, cwd }: Surroundings = {},
): Running {
  const child = spawn(launcher, args, {
    env: { ...ENVIRONMENT, ...env },
    stdio: "pipe",
    ...(cwd === undefined ? {} : { cwd }),
  });
  const heard = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (data: string) => {
    heard.out += data;
  });
  child.stderr.setEncoding("utf8").on("data", (data: string) => {
    heard.err += data;
  });
  child.stdin.on("error", () => undefined).end(stdin);
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...heard }));
  });
  const said = (wanted: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (heard.err.includes(wanted)) resolve();
      };
      child.stderr.on("data", look);
      child.once("close", () => reject(new Error(`It never said "${wanted}": ${heard.err}`)));
      look();
    });
  return { child, ended, said };
}

export const run = (args: readonly string[], surroundings?: Surroundings): Promise<Ran> =>
  start(args, surroundings).ended;

/**
 * Runs a command line in this process, without a terminal, to see its calls and its output. Tests
 * of the process itself, such as its launch, signals and standard input, need {@link run}.
 */
export async function runHere(
  args: readonly string[],
  { env = {} }: Pick<Surroundings, "env"> = {},
): Promise<Ran> {
  // The AWS credential chain and the time zone read the process's own.
  const ours = replaceEnvironment({ ...ENVIRONMENT, ...env });
  const said = { out: "", err: "" };
  const streamTo = (name: keyof typeof said): Stream => ({
    columns: Number.POSITIVE_INFINITY,
    rows: Number.POSITIVE_INFINITY,
    terminal: false,
    write: (text) => {
      said[name] += text;
    },
    paint: (_style, text) => text,
  });
  const screen = { out: streamTo("out"), err: streamTo("err"), interactive: false };
  try {
    const code = await runCommandLine(args, screen, process.env);
    return { code, ...said };
  } finally {
    replaceEnvironment(ours);
  }
}

/** @returns the variables that were there */
function replaceEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const before = { ...process.env };
  for (const name of Object.keys(before)) delete process.env[name];
  for (const [name, value] of Object.entries(env))
    if (value !== undefined) process.env[name] = value;
  return before;
}
