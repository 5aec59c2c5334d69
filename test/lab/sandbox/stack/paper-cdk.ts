/** The CDK's command on paper: `cdk deploy --all` and `cdk destroy --all`, stack by stack. */
import type { AssemblyStack } from "../../../../cli/deployment/assembly.ts";
import { isSame } from "../../../../lab/sandbox/aws/cloudformation/changes.ts";
import { newStack } from "../../../../lab/sandbox/aws/cloudformation/new-stack.ts";
import { deleteStackNow, runStack } from "../../../../lab/sandbox/aws/cloudformation/run-stack.ts";
import { findStack } from "../../../../lab/sandbox/aws/cloudformation/stack-names.ts";
import {
  isMade,
  type StackInput,
  type StackState,
} from "../../../../lab/sandbox/aws/cloudformation/state.ts";
import type { Caller } from "../../../../lab/sandbox/aws/service.ts";
import type { PaperAccounts } from "./paper-accounts.ts";

const VERSION = "33";

const now = () => new Date().toISOString();

/** The role with which the CDK's bootstrap has CloudFormation work: an administrator of its account. */
const roleArn = (account: string) => `arn:aws:iam::${account}:role/cdk-exec`;

const deployerOf = (account: string): Caller => ({
  arn: `arn:aws:sts::${account}:assumed-role/cdk-exec/AWSCloudFormation`,
  principalArn: roleArn(account),
  accountId: account,
  userId: "AROACDKEXEC:AWSCloudFormation",
  accessKeyId: "",
});

/** Makes the accounts' roles of the bootstrap. */
export function bootstrapOnPaper(
  { iam }: Pick<PaperAccounts, "iam">,
  accounts: readonly string[],
): void {
  const everything = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  };
  for (const account of accounts)
    iam.state.roles[roleArn(account)] = {
      kind: "role",
      arn: roleArn(account),
      roleName: "cdk-exec",
      path: "/",
      roleId: `AROA${account}`,
      createDate: now(),
      assumeRolePolicyDocument: everything,
      maxSessionDuration: 3_600,
      policies: { everything },
    };
}

const runOf = (
  { cloudFormation, engine }: PaperAccounts,
  { account }: Pick<AssemblyStack, "account">,
) => ({
  cloudFormation,
  engine,
  now,
  actor: deployerOf(account),
});

export const stackNow = (
  { cloudFormation }: Pick<PaperAccounts, "cloudFormation">,
  { name, account, region }: Pick<AssemblyStack, "name" | "account" | "region">,
): StackState | undefined => findStack({ cloudFormation, account, region }, name);

const inputOf = ({ template }: AssemblyStack): StackInput => {
  const { Parameters = {} } = template as { Parameters?: Record<string, { Default?: string }> };
  return {
    template: JSON.stringify(template),
    parameters: Object.fromEntries(
      Object.entries(Parameters).map(([key, { Default = "" }]) => [
        key,
        { value: Default, resolved: VERSION },
      ]),
    ),
    capabilities: ["CAPABILITY_NAMED_IAM"],
    tags: [],
  };
};

/** Why the command stops. */
export class PaperCdkError extends Error {}

/**
 * Deploys one stack. As the command does, it deletes one whose first deployment failed, sets
 * termination protection before anything is made, and skips a stack without changes.
 *
 * @throws PaperCdkError if the deployment fails
 */
export async function deployOnPaper(accounts: PaperAccounts, stack: AssemblyStack): Promise<void> {
  let found = stackNow(accounts, stack);
  if (found && /^ROLLBACK_(?:COMPLETE|FAILED)$/.test(found.status)) {
    await deleteOnPaper(accounts, stack);
    found = undefined;
  }
  const input = inputOf(stack);
  if (found?.input && isMade(found) && isSame(found.input, input)) return;
  const { account, region, name } = stack;
  const { cloudFormation } = accounts;
  const target = found ?? newStack({ cloudFormation, account, region }, name, now());
  if (!found) cloudFormation.state.stacks.push(target);
  target.isProtected = stack.isProtected;
  await runStack(runOf(accounts, stack), target, found ? "UPDATE" : "CREATE", input);
  if (!/^(?:CREATE|UPDATE)_COMPLETE$/.test(target.status))
    throw new PaperCdkError(`${name} is in ${target.status}: ${reasonOf(target)}`);
}

/** CloudFormation's reason for the resource that failed. */
const reasonOf = ({ events }: StackState): string => {
  const failed = events.findLast(({ status }) => /^(?:CREATE|UPDATE)_FAILED$/.test(status));
  return failed ? `${failed.logicalId}: ${failed.reason}` : "";
};

/** Deletes a stack. @throws PaperCdkError where it is protected, or stays */
export async function deleteOnPaper(
  accounts: PaperAccounts,
  stack: Pick<AssemblyStack, "name" | "account" | "region">,
): Promise<void> {
  const found = stackNow(accounts, stack);
  if (!found) return;
  if (found.isProtected)
    throw new PaperCdkError(
      `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
    );
  await deleteStackNow(runOf(accounts, stack), found);
  if (found.status !== "DELETE_COMPLETE")
    throw new PaperCdkError(`${stack.name} is in ${found.status}.`);
}
