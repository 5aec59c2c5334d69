/** The AWS CLI, kubectl and `timelatch` as people have them, in the profile of somebody of the sandbox. */
import { execFile } from "node:child_process";
import path from "node:path";
import { profileEnvironment } from "../../../test/e2e/sandbox-process.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";

const COMMANDS = path.resolve(import.meta.dirname, "../../../cli");
const PATIENCE_MS = 120_000;

export interface ClientResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runClient(
  sandbox: SandboxAddresses,
  person: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ClientResult> {
  const options = {
    timeout: PATIENCE_MS,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      // kubectl asks `timelatch` for its token.
      PATH: [COMMANDS, process.env["PATH"]].join(path.delimiter),
      HOME: "/nonexistent",
      ...profileEnvironment(sandbox, person),
      ...env,
    },
  };
  return new Promise((resolve, reject) => {
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error && typeof error.code !== "number") reject(error);
      else resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

/** `aws …` of an administrator, whose answer is JSON. @throws Error with what it said where it failed */
export async function awsJsonAs(
  person: string,
  sandbox: SandboxAddresses,
  ...args: string[]
): Promise<unknown> {
  // Older versions of it know no endpoint in a profile.
  const words = [...args, "--output", "json", "--endpoint-url", sandbox.awsUrl];
  const { code, stdout, stderr } = await runClient(sandbox, person, "aws", words);
  if (code !== 0) throw new Error(`aws ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout || "null");
}

/** The same of the administrator of the first account. */
export const awsJson = (sandbox: SandboxAddresses, ...args: string[]): Promise<unknown> =>
  awsJsonAs("admin", sandbox, ...args);
