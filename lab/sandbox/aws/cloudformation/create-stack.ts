/** The operations that make and update a stack without a change set. */
import { AwsError, type Call, type Operation } from "../service.ts";
import { isSame } from "./changes.ts";
import type { CloudFormationContext } from "./context.ts";
import { demandUsualMode, noStack, onlyMembers, validationError } from "./errors.ts";
import { newStack } from "./new-stack.ts";
import { runStack } from "./run-stack.ts";
import { stackInput } from "./stack-input.ts";
import { checkedName, findStack, stackCheck } from "./stack-names.ts";
import type { StackInput, StackState } from "./state.ts";

const MEMBERS = [
  ...["StackName", "TemplateBody", "TemplateURL", "UsePreviousTemplate", "Parameters"],
  ...["Capabilities", "RoleARN", "Tags"],
  // Tokens of clients that ask again, and notifications, which nobody hears.
  ...["ClientRequestToken", "NotificationARNs", "DeploymentConfig"],
];

/**
 * As with ExecuteChangeSet, the answer comes when all is done.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html
 */
export function createStack(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "CreateStack"),
    run: async (call) => {
      const { input, caller, now } = call;
      onlyMembers("CreateStack", input, [...MEMBERS, "EnableTerminationProtection"]);
      demandUsualMode("CreateStack", input);
      const name = checkedName(input);
      const existing = findStack(context, name);
      if (existing && existing.status !== "REVIEW_IN_PROGRESS")
        throw new AwsError("AlreadyExistsException", 400, `Stack [${name}] already exists`);
      const made = await stackInput(context, input, caller, undefined);
      const stack = existing ?? newStack(context, name, now.toISOString());
      context.cloudFormation.change(({ stacks }) => {
        stack.isProtected = input["EnableTerminationProtection"] === "true";
        if (!existing) stacks.push(stack);
      });
      return await carryOut(context, call, stack, "CREATE", made);
    },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html */
export function updateStack(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "UpdateStack"),
    run: async (call) => {
      const { input, caller } = call;
      onlyMembers("UpdateStack", input, MEMBERS);
      demandUsualMode("UpdateStack", input);
      const name = checkedName(input);
      const stack = findStack(context, name);
      if (!stack || stack.status === "REVIEW_IN_PROGRESS") throw noStack(name);
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
      if (/^ROLLBACK_|_IN_PROGRESS$|^DELETE_|^UPDATE_ROLLBACK_FAILED$/.test(stack.status))
        throw validationError(
          `Stack:${stack.id} is in ${stack.status} state and can not be updated.`,
        );
      const made = await stackInput(context, input, caller, stack.input);
      if (stack.input && isSame(stack.input, made))
        throw validationError("No updates are to be performed.");
      return await carryOut(context, call, stack, "UPDATE", made);
    },
  };
}

async function carryOut(
  { cloudFormation, engine, sessionOf }: CloudFormationContext,
  { caller }: Call,
  stack: StackState,
  kind: "CREATE" | "UPDATE",
  input: StackInput,
) {
  const actor = input.roleArn === undefined ? caller : sessionOf(input.roleArn);
  cloudFormation.change(() => {
    // The others compare with a stack that is no more.
    stack.changeSets = [];
  });
  const now = () => new Date().toISOString();
  await runStack({ cloudFormation, engine, actor, now }, stack, kind, input);
  return { StackId: stack.id };
}
