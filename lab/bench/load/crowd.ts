/** The crowd of a load: people with a role of their own each, and the policy that lends to them. */
import { writeFileSync } from "node:fs";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { type ProfileKeys, profileKeys } from "../../../test/e2e/sandbox-process.ts";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";

const ACCOUNT = "111122223333";
const REGION = "us-west-2";
const SETUP_AT_ONCE = 10;

export const CLUSTER = "prod";
export const NAMESPACE = "load-api";

export const nameOf = (at: number): string => `load-${String(at + 1).padStart(3, "0")}`;
export const roleArnOf = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/people/${name}`;

/** As `access.yaml`. Everybody asks for Edit in a namespace, and may approve what somebody else asks for. */
export const crowdPolicy = (people: number) => ({
  version: 1,
  clusters: { [CLUSTER]: { arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${CLUSTER}` } },
  people: Object.fromEntries(
    Array.from({ length: people }, (_, at) => {
      const name = nameOf(at);
      const role = roleArnOf(name);
      return [
        name,
        {
          email: `${name}@example.com`,
          groups: ["crowd"],
          identities: { iam: [role] },
          principals: [role],
        },
      ];
    }),
  ),
  roles: { admins: ["crowd"], auditors: ["crowd"] },
  rules: [
    {
      name: "crowd-edit",
      who: { groups: ["crowd"] },
      clusters: [CLUSTER],
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["load-*"] },
      duration: { max: "1h" },
      approval: [{ groups: ["crowd"], count: 1 }],
    },
  ],
});

/** JSON is YAML. */
export const writeCrowdPolicy = (file: string, people: number): void =>
  writeFileSync(file, JSON.stringify(crowdPolicy(people)));

/** Keys of each person, in their order: a session of a new role of theirs. */
export async function signInCrowd(
  sandbox: SandboxAddresses,
  people: number,
): Promise<readonly ProfileKeys[]> {
  const admin = {
    endpoint: sandbox.awsUrl,
    region: REGION,
    credentials: profileKeys(sandbox, "admin"),
  };
  const [iam, sts] = [new IAMClient(admin), new STSClient(admin)];
  const keys: ProfileKeys[] = [];
  for (let from = 0; from < people; from += SETUP_AT_ONCE) {
    const names = Array.from({ length: Math.min(SETUP_AT_ONCE, people - from) }, (_, at) =>
      nameOf(from + at),
    );
    keys.push(...(await Promise.all(names.map((name) => signIn(iam, sts, name)))));
  }
  return keys;
}

async function signIn(iam: IAMClient, sts: STSClient, name: string): Promise<ProfileKeys> {
  const trust = statement({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, "sts:AssumeRole");
  const call = statement({ Resource: "*" }, "execute-api:Invoke");
  const role = { RoleName: name, Path: "/people/", AssumeRolePolicyDocument: trust };
  await iam.send(new CreateRoleCommand(role));
  const policy = { RoleName: name, PolicyName: "Call", PolicyDocument: call };
  await iam.send(new PutRolePolicyCommand(policy));
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: roleArnOf(name), RoleSessionName: name }),
  );
  const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
}

const statement = (about: object, Action: string): string =>
  JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, ...about }] });
