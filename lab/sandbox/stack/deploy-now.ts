/** Deploys a stack as the sandbox itself, and starts again what a stack declares. */
import { isSame } from "../aws/cloudformation/changes.ts";
import type { CloudFormationContext } from "../aws/cloudformation/context.ts";
import { newStack } from "../aws/cloudformation/new-stack.ts";
import { runStack, type StackRun } from "../aws/cloudformation/run-stack.ts";
import { findStack } from "../aws/cloudformation/stack-names.ts";
import { isMade, type StackInput, type StackState } from "../aws/cloudformation/state.ts";

const now = () => new Date().toISOString();

/** A run in which nobody asks IAM. */
export const ownRun = ({ cloudFormation, engine }: CloudFormationContext): StackRun => ({
  cloudFormation,
  engine,
  now,
});

/** Makes or updates the stack, or starts it where it is as it should be. @throws Error where it fails */
export async function deployNow(
  context: CloudFormationContext,
  name: string,
  input: StackInput,
  isProtected: boolean,
): Promise<StackState> {
  const before = findStack(context, name);
  if (before && isMade(before) && before.input && isSame(before.input, input)) {
    await resumeStack(context, before, input);
    return before;
  }
  const stack = before ?? newStack(context, name, now());
  context.cloudFormation.change(({ stacks }) => {
    if (!before) stacks.push(stack);
    stack.isProtected = isProtected;
  });
  await runStack(ownRun(context), stack, before && isMade(before) ? "UPDATE" : "CREATE", input);
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(stack.status))
    throw new Error(`${name}: ${failureOf(stack)} Nothing was started.`);
  return stack;
}

/** The first reason that the latest run gives. */
const failureOf = ({ events }: StackState): string =>
  events.findLast(({ status }) => status.endsWith("_FAILED"))?.reason ??
  events.findLast(({ reason }) => reason !== undefined && reason !== "User Initiated")?.reason ??
  "";

/** Starts what the stack declares. @throws Error where that fails */
export async function resumeStack(
  { cloudFormation, engine, region }: CloudFormationContext,
  stack: StackState,
  input: StackInput,
): Promise<void> {
  const { id, name, account, resources: before } = stack;
  try {
    const { resources, outputs } = await engine.deploy({
      id,
      name,
      account,
      region,
      input,
      before,
    });
    cloudFormation.change(() => {
      const known = new Map(before.map((one) => [one.logicalId, one]));
      // A former version of the sandbox may have named them otherwise.
      stack.resources = resources.map((one) => ({
        status: "CREATE_COMPLETE",
        at: stack.createdAt,
        ...known.get(one.logicalId),
        ...one,
      }));
      stack.outputs = outputs;
      stack.input = input;
    });
  } catch (error) {
    throw new Error(
      `The stack ${name} of account ${account} could not be started: ${(error as Error).message} Nothing was started.`,
    );
  }
}
