/** Roles for people whom a policy of a test invents: the account's administrator makes them, and opens their sessions. */
import { appendFileSync } from "node:fs";
import { AwsClient } from "aws4fetch";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { profileKeys } from "./sandbox-process.ts";

/** Somebody of `access.yaml`, as far as sessions are opened for them. */
export interface HolePerson {
  readonly identities: { readonly iam?: readonly string[]; readonly slack?: readonly string[] };
  readonly principals: readonly string[];
  readonly groups: readonly string[];
}

const ACCOUNT = "111122223333";
const document = (statement: object) =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
const TRUST = document({
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
  Action: "sts:AssumeRole",
});
const CALLS = document({ Action: "execute-api:Invoke", Resource: "*" });

/** Makes the roles of these people, and a profile for everybody who signs in with one. */
export async function letPeopleIn(
  sandbox: SandboxAddresses,
  people: Readonly<Record<string, HolePerson>>,
): Promise<void> {
  const iam = clientOf(sandbox, "iam", "2010-05-08");
  const arns = Object.values(people).flatMap(({ identities, principals }) => [
    ...(identities.iam ?? []),
    ...principals,
  ]);
  for (const arn of new Set(arns)) {
    const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
    await iam("CreateRole", { RoleName, Path: "/holes/", AssumeRolePolicyDocument: TRUST });
    await iam("PutRolePolicy", { RoleName, PolicyName: "Calls", PolicyDocument: CALLS });
  }
  for (const [name, { identities }] of Object.entries(people)) {
    const [arn] = identities.iam ?? [];
    if (arn !== undefined) await signIn(sandbox, name, arn);
  }
}

/** Writes the keys of a new session into a profile of the sandbox. */
async function signIn(sandbox: SandboxAddresses, name: string, RoleArn: string): Promise<void> {
  const sts = clientOf(sandbox, "sts", "2011-06-15");
  const text = await sts("AssumeRole", { RoleArn, RoleSessionName: "timelatch" });
  const value = (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(text)?.[1] ?? "";
  appendFileSync(
    sandbox.awsCredentialsFile,
    [
      `\n[${name}]`,
      `aws_access_key_id = ${value("AccessKeyId")}`,
      `aws_secret_access_key = ${value("SecretAccessKey")}`,
      `aws_session_token = ${value("SessionToken")}`,
      "",
    ].join("\n"),
  );
}

function clientOf(sandbox: SandboxAddresses, service: string, version: string) {
  const keys = profileKeys(sandbox, "admin");
  const client = new AwsClient({ ...keys, service, region: "us-west-2", retries: 0 });
  return async (action: string, input: Readonly<Record<string, string>>): Promise<string> => {
    const body = new URLSearchParams({ Action: action, Version: version, ...input }).toString();
    const response = await client.fetch(sandbox.awsUrl, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action} was answered ${response.status}: ${text}`);
    return text;
  };
}
