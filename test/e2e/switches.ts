/** Switches parts of a sandbox off and on again, as an administrator does in AWS. */
import {
  CloudFormationClient,
  paginateListStackResources,
  type StackResourceSummary,
} from "@aws-sdk/client-cloudformation";
import {
  DeleteFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { profileKeys } from "./sandbox-process.ts";

export const administrator = (sandbox: SandboxAddresses) => ({
  endpoint: sandbox.awsUrl,
  region: "us-west-2",
  credentials: profileKeys(sandbox, "admin"),
});

/** The physical name of a function, by the beginning of its logical id. */
async function functionName(sandbox: SandboxAddresses, construct: string): Promise<string> {
  const client = new CloudFormationClient(administrator(sandbox));
  const found: StackResourceSummary[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: "Timelatch" }))
    found.push(...(page.StackResourceSummaries ?? []));
  const named = found.find(
    ({ ResourceType, LogicalResourceId }) =>
      ResourceType === "AWS::Lambda::Function" && LogicalResourceId?.startsWith(construct),
  );
  if (!named?.PhysicalResourceId) throw new Error(`The stack has no function ${construct}.`);
  return named.PhysicalResourceId;
}

/** @param construct such as `ConvergeFunction` */
export async function switchOff(sandbox: SandboxAddresses, construct: string): Promise<void> {
  const FunctionName = await functionName(sandbox, construct);
  const none = { FunctionName, ReservedConcurrentExecutions: 0 };
  await new LambdaClient(administrator(sandbox)).send(new PutFunctionConcurrencyCommand(none));
}

export async function switchOn(sandbox: SandboxAddresses, construct: string): Promise<void> {
  const FunctionName = await functionName(sandbox, construct);
  const client = new LambdaClient(administrator(sandbox));
  await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
}

/** Has EventBridge Scheduler lose every occurrence from now on, or none. */
export async function loseSchedules(sandbox: SandboxAddresses, isLost: boolean): Promise<void> {
  const response = await fetch(`${sandbox.awsUrl}/_sandbox/scheduler`, {
    method: "PUT",
    body: JSON.stringify({ lossProbability: isLost ? 1 : 0 }),
  });
  expect(response.ok).toBe(true);
}
