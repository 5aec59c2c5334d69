/** A role that somebody makes by hand in the sandbox's account, and a session of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { aws, awsJson, kubectl } from "./real-clients.ts";
import type { ProfileKeys } from "./sandbox-process.ts";

const ACCOUNT = "111122223333";

/**
 * The trust of roles that people in the account may take: it leaves the decision to their policies.
 */
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Action: "sts:AssumeRole",
    },
  ],
});
/** Only reading, as in a role for people who look. */
const READ_ONLY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["eks:Describe*", "eks:List*"], Resource: "*" }],
});

export interface GuestRole {
  readonly arn: string;
  /** The folder with the profile `guest`: a session named `sess`, and a kubeconfig of its own. */
  readonly at: SandboxAddresses;
  readonly kubectl: (...args: string[]) => ReturnType<typeof kubectl>;
}

const iam = (sandbox: SandboxAddresses, ...args: string[]) =>
  awsJson(sandbox, "admin", "iam", ...args);

/** A role without policies that the administrator may assume. */
const createRole = (sandbox: SandboxAddresses, name: string, rolePath = "/") =>
  iam(
    sandbox,
    ...["create-role", "--role-name", name, "--path", rolePath],
    ...["--assume-role-policy-document", TRUST],
  );

const putPolicy = (sandbox: SandboxAddresses, role: string, name: string, text: string) =>
  iam(
    sandbox,
    ...["put-role-policy", "--role-name", role, "--policy-name", name],
    ...["--policy-document", text],
  );

/** Deletes a role with its one inline policy, and makes another of the same name and policy. */
export async function recreateRole(
  sandbox: SandboxAddresses,
  name: string,
  policy: string,
  rolePath = "/",
): Promise<void> {
  const named = ["--role-name", name, "--policy-name", policy];
  const { PolicyDocument } = await iam(sandbox, "get-role-policy", ...named);
  await iam(sandbox, "delete-role-policy", ...named);
  await iam(sandbox, "delete-role", "--role-name", name);
  await createRole(sandbox, name, rolePath);
  await putPolicy(sandbox, name, policy, JSON.stringify(PolicyDocument));
}

/** Keys of a new session of a role, that the administrator opens. */
export async function keysOf(
  sandbox: SandboxAddresses,
  roleArn: string,
  sessionName: string,
): Promise<ProfileKeys> {
  const { Credentials } = await awsJson(
    sandbox,
    "admin",
    ...["sts", "assume-role", "--role-arn", roleArn, "--role-session-name", sessionName],
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

/** The lines of a credentials file for a new session of a role, that the administrator opens. */
export async function sessionOf(...of: Parameters<typeof keysOf>): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = await keysOf(...of);
  return [
    `aws_access_key_id = ${accessKeyId}`,
    `aws_secret_access_key = ${secretAccessKey}`,
    `aws_session_token = ${sessionToken}`,
    "",
  ].join("\n");
}

/**
 * A session of a role as the profile `guest`, with the cluster's context as `aws eks
 * update-kubeconfig` writes it.
 * @param dir a folder of the test's own
 */
export async function guestSession(
  sandbox: SandboxAddresses,
  dir: string,
  role: string,
  cluster: string,
): Promise<GuestRole> {
  const arn = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  const folder = path.join(dir, `${role}-${cluster}`);
  mkdirSync(folder, { recursive: true });
  const at = {
    ...sandbox,
    awsConfigFile: path.join(folder, "config"),
    awsCredentialsFile: path.join(folder, "credentials"),
    kubeconfig: path.join(folder, "kubeconfig"),
  };
  writeFileSync(
    at.awsConfigFile,
    `[profile guest]\nregion = us-west-2\nendpoint_url = ${sandbox.awsUrl}\n`,
  );
  const keys = await sessionOf(sandbox, arn, "sess");
  writeFileSync(at.awsCredentialsFile, `[guest]\n${keys}`);
  const { code, stderr } = await aws(at, "guest", "eks", "update-kubeconfig", "--name", cluster);
  if (code !== 0) throw new Error(stderr);
  return { arn, at, kubectl: (...args) => kubectl(at, "guest", args) };
}

/** A role that may only read AWS, and a session of it. */
export async function readOnlyGuest(
  sandbox: SandboxAddresses,
  dir: string,
  role: string,
  cluster: string,
): Promise<GuestRole> {
  await createRole(sandbox, role);
  await putPolicy(sandbox, role, "Read", READ_ONLY);
  return guestSession(sandbox, dir, role, cluster);
}
