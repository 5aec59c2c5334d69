/** The AWS CLI, kubectl and `timelatch` as people have them, with a sandbox's profiles. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import { profileEnvironment } from "./sandbox-process.ts";

export interface ClientResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ClientOptions {
  /** For standard input. */
  readonly input?: string | undefined;
  /** Beyond what every client has in its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command as a person of the sandbox. A command that is not there fails the test. */
export function runAs(
  sandbox: SandboxAddresses,
  person: string,
  command: string,
  args: readonly string[],
  { input, env = {} }: ClientOptions = {},
): Promise<ClientResult> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      [...args],
      {
        env: {
          PATH: process.env["PATH"],
          HOME: "/nonexistent",
          ...profileEnvironment(sandbox, person),
          ...env,
        },
      },
      (error, stdout, stderr) => {
        if (error && typeof error.code !== "number") reject(error);
        else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
      },
    );
    if (input !== undefined) child.stdin?.end(input);
  });
}

/** By path: an image may carry another `aws` earlier on the path. */
export const aws = (sandbox: SandboxAddresses, person: string, ...args: string[]) =>
  runAs(sandbox, person, "/usr/bin/aws", [...args, "--output", "json"]);

/** `aws … ` whose answer is JSON; throws with what it said where it failed. */
export async function awsJson(sandbox: SandboxAddresses, person: string, ...args: string[]) {
  const { code, stdout, stderr } = await aws(sandbox, person, ...args);
  if (code !== 0) throw new Error(`aws ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout || "null");
}

export const kubectl = (
  sandbox: SandboxAddresses,
  person: string,
  args: readonly string[],
  input?: string,
) => runAs(sandbox, person, "kubectl", args, { input });

const TIMELATCH = fileURLToPath(new URL("../../cli/timelatch", import.meta.url));

export const timelatch = (sandbox: SandboxAddresses, person: string, ...args: string[]) =>
  runAs(sandbox, person, TIMELATCH, args);
