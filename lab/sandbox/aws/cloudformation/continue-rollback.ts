/** Goes on with a rollback that failed. */
import type { Operation } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import { ResourceFailure } from "./engine.ts";
import { noStack, onlyMembers, optionalText, validationError } from "./errors.ts";
import { orderOf, type StackRun } from "./run-stack.ts";
import { addEvent, setStatus } from "./stack-events.ts";
import { stackCheck, stackNamed } from "./stack-names.ts";
import type { StackState } from "./state.ts";

/**
 * As with ExecuteChangeSet, the answer comes when it is done. The words for a stack in another state are not published.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html
 */
export function continueUpdateRollback(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "ContinueUpdateRollback"),
    run: async ({ input, caller }) => {
      onlyMembers("ContinueUpdateRollback", input, ["StackName", "RoleARN", "ClientRequestToken"]);
      const stack = stackNamed(context, input, noStack);
      if (stack.status !== "UPDATE_ROLLBACK_FAILED")
        throw validationError(
          `Stack:${stack.id} is in ${stack.status} state and can not continue rolling back.`,
        );
      const roleArn = optionalText(input, "RoleARN") ?? stack.input?.roleArn;
      const { cloudFormation, engine } = context;
      const actor = roleArn === undefined ? caller : context.sessionOf(roleArn);
      await continueRollback(
        { cloudFormation, engine, actor, now: () => new Date().toISOString() },
        stack,
      );
      return {};
    },
  };
}

const ENDS = ["UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE"] as const;

/**
 * Brings a stack back to its last state, after its rollback failed. Never rejects: the result is
 * in the stack's status and events.
 */
async function continueRollback(run: StackRun, stack: StackState): Promise<void> {
  const { cloudFormation, engine, now } = run;
  const { input } = stack;
  if (!input) return;
  cloudFormation.change(() =>
    setStatus(stack, "UPDATE_ROLLBACK_IN_PROGRESS", now(), "User Initiated"),
  );
  try {
    await engine.deploy(orderOf(run, stack, input));
    cloudFormation.change(() => {
      for (const end of ENDS) setStatus(stack, end, now());
    });
  } catch (error) {
    const failed =
      error instanceof ResourceFailure
        ? stack.resources.find(({ logicalId }) => logicalId === error.logicalId)
        : undefined;
    const { message } = error as Error;
    cloudFormation.change(() => {
      if (failed) addEvent(stack, failed, "UPDATE_FAILED", now(), message);
      setStatus(stack, "UPDATE_ROLLBACK_FAILED", now(), message);
    });
  }
}
