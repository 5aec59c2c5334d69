/** The AWS CLI, kubectl and `timelatch` as people have them, with a sandbox's profiles. */
import { execFile } from "node:child_process";
import path from "node:path";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { hasOwnRole } from "../sample-principals.ts";
import { commandFolder } from "./bundled-command.ts";
import { profileEnvironment } from "./sandbox-process.ts";

export interface ClientResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface ClientOptions {
  /** The text for standard input. */
  readonly input?: string | undefined;
  /** Variables beyond those of every client. */
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
          // kubectl asks `timelatch` for its token.
          PATH: [commandFolder(), process.env["PATH"]].join(path.delimiter),
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

/** The AWS CLI of /usr/bin: an image may carry another one earlier on the path. */
export const aws = (sandbox: SandboxAddresses, person: string, ...args: string[]) =>
  runAs(sandbox, person, path.join(commandFolder(), "aws"), [...args, "--output", "json"]);

/** `aws … ` whose answer is JSON; throws with what it said where it failed. */
export async function awsJson(sandbox: SandboxAddresses, person: string, ...args: string[]) {
  const { code, stdout, stderr } = await aws(sandbox, person, ...args);
  if (code !== 0) throw new Error(`aws ${args.join(" ")}: ${stderr}`);
  return JSON.parse(stdout || "null");
}

/**
 * kubectl finds its contexts as people do: `timelatch kubeconfig` writes them, once for each
 * person. A person without a role of their own uses the sandbox's, which asks the AWS CLI.
 */
export async function kubectl(
  sandbox: SandboxAddresses,
  person: string,
  args: readonly string[],
  input?: string,
): Promise<ClientResult> {
  if (!hasOwnRole(person))
    return runAs(sandbox, person, "kubectl", args, {
      input,
      env: { KUBECONFIG: sandbox.kubeconfig },
    });
  if (sandbox.people[person]) await contextsOf(sandbox, person);
  return runAs(sandbox, person, "kubectl", args, { input });
}

const CONTEXTS = new Map<string, Promise<void>>();

function contextsOf(sandbox: SandboxAddresses, person: string): Promise<void> {
  const key = `${sandbox.kubeconfig} ${person}`;
  const known = CONTEXTS.get(key);
  if (known) return known;
  const written = timelatch(sandbox, person, "kubeconfig").then(({ code, stderr }) => {
    if (code !== 0) throw new Error(`timelatch kubeconfig of ${person}: ${stderr}`);
  });
  CONTEXTS.set(key, written);
  return written;
}

/** The option that names a person's context of a cluster. */
export const inContext = (person: string, cluster: string): readonly string[] => [
  "--context",
  hasOwnRole(person) ? `timelatch-${cluster}` : cluster,
];

export const timelatch = (sandbox: SandboxAddresses, person: string, ...args: string[]) =>
  runAs(sandbox, person, path.join(commandFolder(), "timelatch"), args);
