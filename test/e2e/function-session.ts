/** Somebody who took a function over: a session with exactly the rights of its role. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateRoleCommand,
  EntityAlreadyExistsException,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { profileKeys } from "./sandbox-process.ts";

export type FunctionName =
  | "api"
  | "slack"
  | "sweep"
  | "notify"
  | "correlate"
  | "converge"
  | "archive"
  | "activity"
  | "standing";

export interface FunctionSession {
  readonly tables: DynamoDBDocumentClient;
  readonly queues: SQSClient;
}

const ACCOUNT = "111122223333";
const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      ...{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } },
      Action: "sts:AssumeRole",
    },
  ],
});

/** How clients reach the sandbox. */
export const clientSettings = (sandbox: SandboxAddresses) => ({
  ...{ endpoint: sandbox.awsUrl, region: "us-west-2" },
  credentials: profileKeys(sandbox, "admin"),
});

/** Makes a role with the same inline policies as a function's own has now. */
async function takenRole(iam: IAMClient, name: FunctionName): Promise<string> {
  const [RoleName, taken] = [`timelatch-${name}`, `taken-${name}`];
  await iam
    .send(new CreateRoleCommand({ RoleName: taken, AssumeRolePolicyDocument: TRUST }))
    .catch((error: unknown) => {
      if (!(error instanceof EntityAlreadyExistsException)) throw error;
    });
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  for (const PolicyName of PolicyNames) {
    const read = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    const PolicyDocument = decodeURIComponent(read.PolicyDocument ?? "");
    await iam.send(new PutRolePolicyCommand({ RoleName: taken, PolicyName, PolicyDocument }));
  }
  return `arn:aws:iam::${ACCOUNT}:role/${taken}`;
}

/**
 * A session of a role with the same policies as the function's own. Only Lambda may assume that
 * one, so the account's administrator makes another.
 */
export async function functionSession(
  sandbox: SandboxAddresses,
  name: FunctionName,
): Promise<FunctionSession> {
  const admin = clientSettings(sandbox);
  const RoleArn = await takenRole(new IAMClient(admin), name);
  const assume = new AssumeRoleCommand({ RoleArn, RoleSessionName: name });
  const { Credentials } = await new STSClient(admin).send(assume);
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  return {
    tables: DynamoDBDocumentClient.from(new DynamoDBClient({ ...admin, credentials })),
    queues: new SQSClient({ ...admin, credentials }),
  };
}
