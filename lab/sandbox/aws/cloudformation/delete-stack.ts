/** The operations that end a stack, or keep others from it. */
import type { Operation } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import {
  demandUsualMode,
  noStack,
  onlyMembers,
  optionalText,
  textIn,
  validationError,
} from "./errors.ts";
import { deleteStackNow } from "./run-stack.ts";
import { setStatus } from "./stack-events.ts";
import { demandRole } from "./stack-input.ts";
import { checkedName, findStack, stackCheck, stackNamed } from "./stack-names.ts";

/**
 * A stack that is not there counts as deleted. As with ExecuteChangeSet, the answer comes when it is done.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
 */
export function deleteStack(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "DeleteStack"),
    run: async ({ input, caller }) => {
      onlyMembers("DeleteStack", input, [
        ...["StackName", "RoleARN", "ClientRequestToken", "DeploymentConfig"],
      ]);
      demandUsualMode("DeleteStack", input);
      const stack = findStack(context, checkedName(input));
      if (stack === undefined || stack.status === "DELETE_COMPLETE") return undefined;
      if (stack.isProtected)
        throw validationError(
          `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
        );
      const given = optionalText(input, "RoleARN");
      if (given !== undefined) await demandRole(context, given, caller);
      const roleArn = given ?? stack.input?.roleArn;
      const { cloudFormation, engine } = context;
      const actor = roleArn === undefined ? caller : context.sessionOf(roleArn);
      const now = () => new Date().toISOString();
      if (stack.status === "REVIEW_IN_PROGRESS")
        cloudFormation.change(() => {
          stack.changeSets = [];
          setStatus(stack, "DELETE_COMPLETE", now());
        });
      else await deleteStackNow({ cloudFormation, engine, actor, now }, stack);
      return undefined;
    },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html */
export function updateTerminationProtection(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "UpdateTerminationProtection"),
    run: ({ input }) => {
      onlyMembers("UpdateTerminationProtection", input, [
        ...["StackName", "EnableTerminationProtection"],
      ]);
      const stack = stackNamed(context, input, noStack);
      const isProtected = textIn(input, "EnableTerminationProtection") === "true";
      context.cloudFormation.change(() => {
        stack.isProtected = isProtected;
      });
      return { StackId: stack.id };
    },
  };
}
