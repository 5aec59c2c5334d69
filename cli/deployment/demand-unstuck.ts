import { Failure, type NextSteps } from "../failures/failure.ts";
import type { AssemblyStack } from "./assembly.ts";
import type { DeployedStacks } from "./deployed-stacks.ts";

/**
 * CloudFormation updates no stack whose rollback failed, before somebody has it go on with that.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
 *
 * @throws Failure `conflict` where there is one among these
 */
export async function demandUnstuck(
  stacks: readonly AssemblyStack[],
  deployed: DeployedStacks,
): Promise<void> {
  const stuck: AssemblyStack[] = [];
  for (const stack of stacks) if (isStuck((await deployed.read(stack))?.status)) stuck.push(stack);
  if (stuck.length === 0) return;
  throw new Failure("conflict", "stack-stuck", {
    what: `The rollback of ${stuck.map(({ name }) => name).join(", ")} failed. CloudFormation takes no update before it is done.`,
    notDone: "Nothing was changed, and what is deployed goes on running.",
    next: nextWhereStuck(stuck),
    facts: { stacks: stuck.map(({ name }) => name) },
  });
}

/** The next steps. Nothing is promised of ends: functions of a release that does not work may run. */
export const nextWhereStuck = (stuck: readonly AssemblyStack[]): NextSteps => [
  "Next: repair what the stack's events name, have CloudFormation go on, and deploy again.",
  ...stuck.map((stack) => `  ${goOn(stack)}`),
  "Functions of two releases may run until then: look at timelatch grants for what is overdue.",
];

/** Whether a stack takes no update, since its rollback failed. */
export const isStuck = (status: string | undefined): boolean => status === "UPDATE_ROLLBACK_FAILED";

/** The command that has CloudFormation go on. */
export const goOn = ({
  name,
  region,
}: {
  readonly name: string;
  readonly region: string;
}): string => `aws cloudformation continue-update-rollback --stack-name ${name} --region ${region}`;
