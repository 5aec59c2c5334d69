/** Goes on with a rollback that failed. */
import type { Operation } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import { noStack, onlyMembers, optionalText, validationError } from "./errors.ts";
import { continueRollback } from "./run-rollback.ts";
import { stackCheck, stackNamed } from "./stack-names.ts";

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
