/** Runs the real launcher, as a shell would. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
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
