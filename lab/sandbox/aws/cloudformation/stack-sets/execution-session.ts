/** The two roles of self-managed permissions, and what a stack set gets by them. */
import { randomUUID } from "node:crypto";
import type { Caller } from "../../service.ts";
import type { CloudFormationContext } from "../context.ts";
import type { StackSetResult, StackSetState } from "../state.ts";
import { stackSetArn } from "./stack-set-names.ts";

export const EXECUTION_ROLE = "AWSCloudFormationStackSetExecutionRole";
const ADMINISTRATION_ROLE = "AWSCloudFormationStackSetAdministrationRole";

const roleArn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;

/** In the account that has the stack set. */
export const administrationRoleArn = ({ account }: Pick<StackSetState, "account">): string =>
  roleArn(account, ADMINISTRATION_ROLE);

/** Why an account was not even begun with. */
export class ClosedGate extends Error {
  override readonly name = "ClosedGate";
  readonly status: "FAILED" | "SKIPPED";
  constructor(status: "FAILED" | "SKIPPED", message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * The result of an account gate, which the sandbox does not emulate: a function that may keep stack
 * sets from an account.
 */
export const noGate = ({ region }: StackSetState, target: string) =>
  ({
    status: "SKIPPED",
    reason: `Function not found: arn:aws:lambda:${region}:${target}:function:AWSCloudFormationStackSetAccountGate`,
  }) satisfies StackSetResult["gate"];

/**
 * CloudFormation assumes the administration role, and with that the execution role of the target account.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
 *
 * @param account the target
 * @throws ClosedGate in AWS's words, where either role is missing, or does not trust or allow what it must
 */
export async function executionSession(
  context: CloudFormationContext,
  set: StackSetState,
  account: string,
): Promise<Caller> {
  const administration = administrationRoleArn(set);
  const keys = { "aws:SourceAccount": set.account, "aws:SourceArn": stackSetArn(context, set) };
  if (!context.mayAssume(administration, keys))
    throw new ClosedGate(
      "FAILED",
      `Account ${set.account} should have '${ADMINISTRATION_ROLE}' role with trust relationship to CloudFormation service.`,
    );
  const session = await context.assume(
    context.sessionOf(administration),
    roleArn(account, EXECUTION_ROLE),
    randomUUID(),
  );
  if (session) return session;
  throw new ClosedGate(
    "SKIPPED",
    `Account ${account} should have '${EXECUTION_ROLE}' role with trust relationship to Role '${ADMINISTRATION_ROLE}'.`,
  );
}
