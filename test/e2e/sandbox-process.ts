/** A sandbox in a process of its own, as `npm run sandbox -- --json` starts it. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

export interface SandboxProcess extends SandboxAddresses {
  readonly pid: number;
  /** Everything it has said on stderr so far: its own words, and the functions' logs. */
  readonly log: () => string;
  /** Ends it by SIGTERM and answers its exit status. */
  stop(): Promise<number | null>;
  /** Kills it by SIGKILL, as a machine that runs out of memory would. */
  kill(): Promise<void>;
}

/** Keys of a profile, for clients that sign by themselves. */
export interface ProfileKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/** The keys that the sandbox wrote for `person` into its credentials file. */
export function profileKeys({ awsCredentialsFile }: SandboxAddresses, person: string): ProfileKeys {
  const sections = readFileSync(awsCredentialsFile, "utf8").split(/^\[/m);
  const section = sections.find((text) => text.startsWith(`${person}]`)) ?? "";
  const value = (name: string) => {
    const [, found] = new RegExp(`^${name} = (.+)$`, "m").exec(section) ?? [];
    if (found === undefined) throw new Error(`${awsCredentialsFile} has no ${name} of ${person}.`);
    return found;
  };
  return {
    accessKeyId: value("aws_access_key_id"),
    secretAccessKey: value("aws_secret_access_key"),
    sessionToken: value("aws_session_token"),
  };
}

/** The environment of kubectl, the AWS CLI and `timelatch` to be `person` here. */
export const profileEnvironment = (
  addresses: SandboxAddresses,
  person: string,
): Readonly<Record<string, string>> => ({
  AWS_CONFIG_FILE: addresses.awsConfigFile,
  AWS_SHARED_CREDENTIALS_FILE: addresses.awsCredentialsFile,
  TIMELATCH_API: addresses.apiUrl,
  TIMELATCH_OUTSIDE_ORIGIN: `${addresses.outsideUrl}/`,
  // Sessions of their own roles are kept there.
  XDG_CACHE_HOME: path.join(path.dirname(addresses.kubeconfig), "cache"),
  ...(addresses.people[person] ?? { AWS_PROFILE: person, KUBECONFIG: addresses.kubeconfig }),
});

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode);
    else child.once("close", resolve);
  });

/** On a busy machine it takes a minute. */
const READY_MS = 240_000;

/**
 * Starts a sandbox with the given arguments of `npm run sandbox --`, and resolves once it is
 * ready. Rejects with what it said where it ends before that, or is not ready in time: then it is killed.
 *
 * @param env what its environment has beyond this process's
 */
export async function startSandboxProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  readyMs = READY_MS,
): Promise<SandboxProcess> {
  const child = spawn(
    process.execPath,
    [path.join(ROOT, "lab", "sandbox", "main.ts"), "--json", "--verbose", ...args],
    { cwd: ROOT, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ready = new Promise<SandboxAddresses>((resolve, reject) => {
    const late = setTimeout(() => {
      said += `It was not ready after ${readyMs} ms, and was killed.\n`;
      child.kill("SIGKILL");
    }, readyMs);
    createInterface({ input: child.stdout }).once("line", (line) => {
      clearTimeout(late);
      resolve(JSON.parse(line));
    });
    child.once("close", (code) => {
      clearTimeout(late);
      reject(new Error(`The sandbox ended with exit status ${code} before it was ready:\n${said}`));
    });
  });
  return {
    ...(await ready),
    pid: child.pid ?? 0,
    log: () => said,
    stop() {
      child.kill("SIGTERM");
      return ended(child);
    },
    async kill() {
      child.kill("SIGKILL");
      await ended(child);
    },
  };
}
