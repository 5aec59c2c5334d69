/** The one sandbox of the walkthrough, and its people with the AWS CLI and kubectl. */
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect } from "vitest";
import { principalArnOf } from "../sample-principals.ts";
import { apiPerson } from "./api-person.ts";
import { eventually } from "./eventually.ts";
import { sessionOf } from "./guest-role.ts";
import { aws, awsJson, inContext, kubectl } from "./real-clients.ts";
import { type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

export const dir = mkdtempSync(path.join(tmpdir(), "walkthrough-"));
export let sandbox: SandboxProcess;
/** Starts the sandbox before the tests of a file, and stops it after them. */
export function walkThroughOneSandbox(): void {
  beforeAll(async () => {
    sandbox = await startSandboxProcess([
      "--dir",
      path.join(dir, "sandbox"),
      "--minute-seconds",
      "2",
    ]);
    // Scheduler loses every occurrence from here on: grants end in time all the same.
    const switched = await fetch(`${sandbox.awsUrl}/_sandbox/scheduler`, {
      method: "PUT",
      body: JSON.stringify({ lossProbability: 1 }),
    });
    expect(await switched.json()).toMatchObject({ lossProbability: 1, jitterSeconds: 0 });
  });
  afterAll(async () => {
    await sandbox.stop();
  });
}

const policy = (name: string) => `arn:aws:eks::aws:cluster-access-policy/${name}`;
export const CLUSTER_ADMIN = policy("AmazonEKSClusterAdminPolicy");
export const ADMIN = policy("AmazonEKSAdminPolicy");
export const EDIT = policy("AmazonEKSEditPolicy");
export const VIEW = policy("AmazonEKSViewPolicy");
export const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)\n";
export const WHOLE_CLUSTER = { type: "cluster", namespaces: [] };

/** `aws eks …` as the account's administrator; its answer. */
export const eks = (...args: string[]) => awsJson(sandbox, "admin", "eks", ...args);
/** The same, where it is to be refused: what it says. */
export async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await aws(sandbox, "admin", "eks", ...args);
  expect(code).not.toBe(0);
  return stderr.trim();
}
export const as = (name: string, cluster: string, ...args: string[]) =>
  kubectl(sandbox, name, [...inContext(name, cluster), ...args]);
export const entryOf = (cluster: string, principalArn: string) => [
  ...["--cluster-name", cluster, "--principal-arn", principalArn],
];
export const createEntry = (cluster: string, principalArn: string, ...more: string[]) =>
  eks("create-access-entry", ...entryOf(cluster, principalArn), ...more);
export const deleteEntry = (cluster: string, principalArn: string) =>
  eks("delete-access-entry", ...entryOf(cluster, principalArn));
export const associate = (
  cluster: string,
  principalArn: string,
  policyArn: string,
  scope: string,
) =>
  eks(
    "associate-access-policy",
    ...entryOf(cluster, principalArn),
    ...["--policy-arn", policyArn, "--access-scope", scope],
  );
export const disassociate = (cluster: string, principalArn: string, policyArn: string) =>
  eks("disassociate-access-policy", ...entryOf(cluster, principalArn), "--policy-arn", policyArn);

/** Scopes by policy; undefined where there is no entry. */
export async function associated(cluster: string, principalArn: string) {
  const { stdout, stderr } = await aws(
    sandbox,
    "admin",
    ...["eks", "list-associated-access-policies", ...entryOf(cluster, principalArn)],
  );
  if (/ResourceNotFoundException/.test(stderr)) return undefined;
  const { associatedAccessPolicies } = JSON.parse(stdout) as {
    readonly associatedAccessPolicies: readonly {
      readonly policyArn: string;
      readonly accessScope: unknown;
    }[];
  };
  return Object.fromEntries(
    associatedAccessPolicies.map(({ policyArn, accessScope }) => [policyArn, accessScope]),
  );
}

/** Waits for a cluster to be as it was asked to be; the CLI's own waiter looks every 30 seconds. */
export const active = (cluster: string) =>
  eventually(
    async () => (await eks("describe-cluster", "--name", cluster)).cluster.status,
    (status) => status === "ACTIVE",
  );

export const yes = { code: 0, stdout: "yes\n" };
export const no = { code: 1, stdout: "no\n" };
export const forbidden = (user: string, what: string, where: string) =>
  `Error from server (Forbidden): ${what.split("/").at(-1)} is forbidden: User "${user}" cannot list resource "${what}" in API group "" ${where}\n`;

/** Has a person's profile go on under their role as it is now. */
export async function renewProfile(name: string): Promise<void> {
  const file = sandbox.awsCredentialsFile;
  const keys = await sessionOf(sandbox, principalArnOf(name), name);
  const others = readFileSync(file, "utf8")
    .split(/^(?=\[)/m)
    .filter((section) => !section.startsWith(`[${name}]`));
  writeFileSync(file, [...others, `[${name}]\n${keys}`].join("\n"));
}

export const api = (name: string) => apiPerson(sandbox, name);
export const viewStaging = {
  cluster: "staging",
  access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
  duration: "10m",
  reason: "looking at staging",
};
