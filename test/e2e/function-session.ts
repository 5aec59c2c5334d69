/** Somebody who took a function over: a session with exactly the rights of its role. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { SandboxAddresses } from "../../sandbox/stack/start.ts";
import { createRole, keysOf, putPolicy } from "./guest-role.ts";
import { awsJson } from "./real-clients.ts";

export type FunctionName = "api" | "slack" | "sweep" | "notify" | "correlate";

export interface FunctionSession {
  readonly tables: DynamoDBDocumentClient;
  readonly queues: SQSClient;
}

/**
 * A session of a role with the same policies as the function's own. Lambda alone may assume that one, so
 * the account's administrator makes another.
 */
export async function functionSession(
  sandbox: SandboxAddresses,
  name: FunctionName,
): Promise<FunctionSession> {
  const iam = (...args: string[]) => awsJson(sandbox, "admin", "iam", ...args);
  const [own, taken] = [`timelatch-${name}`, `taken-${name}`];
  await createRole(sandbox, taken);
  const { PolicyNames } = await iam("list-role-policies", "--role-name", own);
  for (const policy of PolicyNames as readonly string[]) {
    const named = ["--role-name", own, "--policy-name", policy];
    const { PolicyDocument } = await iam("get-role-policy", ...named);
    await putPolicy(sandbox, taken, policy, JSON.stringify(PolicyDocument));
  }
  const settings = {
    ...{ endpoint: sandbox.awsUrl, region: "us-west-2" },
    credentials: await keysOf(sandbox, `arn:aws:iam::111122223333:role/${taken}`, name),
  };
  return {
    tables: DynamoDBDocumentClient.from(new DynamoDBClient(settings)),
    queues: new SQSClient(settings),
  };
}
