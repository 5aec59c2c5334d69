/** Change sets: what a stack would become, until somebody lets it. */
import { AwsError, type Operation } from "../service.ts";
import { isSame, resourceChanges } from "./changes.ts";
import type { CloudFormationContext } from "./context.ts";
import {
  demandUsualMode,
  noChangeSet,
  noStack,
  onlyMembers,
  optionalText,
  textIn,
  validationError,
} from "./errors.ts";
import { newStack } from "./new-stack.ts";
import { orderOf, runStack } from "./run-stack.ts";
import { setStatus } from "./stack-events.ts";
import { stackInput } from "./stack-input.ts";
import {
  checkedName,
  findChangeSet,
  findStack,
  newChangeSetId,
  stackCheck,
} from "./stack-names.ts";
import type { ChangeSetState, StackInput, StackState } from "./state.ts";

const MEMBERS = [
  ...["StackName", "ChangeSetName", "ChangeSetType", "TemplateBody", "TemplateURL"],
  ...["UsePreviousTemplate", "Parameters", "Capabilities", "RoleARN", "Tags", "Description"],
  // Tokens of clients that ask again; notifications, which nobody hears; nested stacks, which a template
  // here cannot have.
  ...["ClientToken", "NotificationARNs", "IncludeNestedStacks", "DeploymentConfig"],
  // `cdk bootstrap` sets it. Here a bucket that exists is taken over, and a role that exists is refused.
  "ImportExistingResources",
];

/** CloudFormation's words for a change set without changes; the AWS CLI and CDK look for them. */
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
export function createChangeSet(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "CreateChangeSet"),
    run: async ({ input, caller, now }) => {
      onlyMembers("CreateChangeSet", input, MEMBERS);
      const name = checkedName(input);
      const kind = optionalText(input, "ChangeSetType") ?? "UPDATE";
      if (kind !== "CREATE" && kind !== "UPDATE")
        throw validationError(`The sandbox does not emulate the change set type ${kind}.`);
      demandUsualMode("CreateChangeSet", input);
      const existing = findStack(context, name);
      demandState(existing, name, kind, textIn(input, "ChangeSetName"));
      const made = await stackInput(context, input, caller, existing?.input);
      const at = now.toISOString();
      const stack = existing ?? reviewed(context, name, at);
      const changeSet = newChangeSet(context, stack, kind, input, made, at);
      return context.cloudFormation.change((state) => {
        if (!existing) state.stacks.push(stack);
        stack.changeSets = [
          ...stack.changeSets.filter((one) => one.name !== changeSet.name),
          changeSet,
        ];
        return { Id: changeSet.id, StackId: stack.id };
      });
    },
  };
}

/** @throws AwsError ValidationError where the stack is there and must not be, or the other way round */
function demandState(
  stack: StackState | undefined,
  name: string,
  kind: "CREATE" | "UPDATE",
  changeSetName: string,
): void {
  if (stack?.changeSets.some((one) => one.name === changeSetName))
    throw new AwsError(
      "AlreadyExistsException",
      400,
      `ChangeSet ${changeSetName} cannot be created due to a mismatch with existing attribute Template`,
    );
  const isNew = stack === undefined || stack.status === "REVIEW_IN_PROGRESS";
  if (kind === "CREATE") {
    if (!isNew)
      throw validationError(
        `Stack [${name}] already exists and cannot be created again with the changeSet [${changeSetName}].`,
      );
    return;
  }
  if (isNew) throw noStack(name);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-continueupdaterollback.html
  if (/^ROLLBACK_|_IN_PROGRESS$|^DELETE_|^UPDATE_ROLLBACK_FAILED$/.test(stack.status))
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** A stack of which there is only a change set. */
function reviewed(context: CloudFormationContext, name: string, at: string): StackState {
  const stack = newStack(context, name, at);
  setStatus(stack, "REVIEW_IN_PROGRESS", at, "User Initiated");
  return stack;
}

function newChangeSet(
  context: CloudFormationContext,
  stack: StackState,
  kind: "CREATE" | "UPDATE",
  input: Readonly<Record<string, unknown>>,
  made: StackInput,
  at: string,
): ChangeSetState {
  const name = textIn(input, "ChangeSetName");
  const description = optionalText(input, "Description");
  const isEmpty = kind === "UPDATE" && stack.input !== undefined && isSame(stack.input, made);
  return {
    id: newChangeSetId(context, name),
    name,
    kind,
    createdAt: at,
    input: made,
    ...(description === undefined ? {} : { description }),
    changes: isEmpty
      ? []
      : resourceChanges(stack.input, made, stack.resources, presentIn(context, stack, made)),
    ...(isEmpty
      ? { status: "FAILED", execution: "UNAVAILABLE", reason: NO_CHANGES }
      : { status: "CREATE_COMPLETE", execution: "AVAILABLE" }),
  };
}

/** @throws AwsError ValidationError for a condition that is not emulated */
function presentIn(
  { engine }: CloudFormationContext,
  stack: StackState,
  input: StackInput,
): readonly string[] {
  try {
    return engine.present(orderOf({}, stack, input));
  } catch (error) {
    throw validationError(`Template error: ${(error as Error).message}`);
  }
}

/**
 * In AWS the stack changes after the answer. Here the answer comes when it is done, well or badly, so
 * that who asks again sees it at once.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
 */
export function executeChangeSet(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "ExecuteChangeSet"),
    run: async ({ input, caller }) => {
      onlyMembers("ExecuteChangeSet", input, [
        ...["StackName", "ChangeSetName", "ClientRequestToken"],
      ]);
      const found = findChangeSet(context, input);
      if (!found) throw noChangeSet(textIn(input, "ChangeSetName"));
      const { stack, changeSet } = found;
      if (changeSet.execution !== "AVAILABLE")
        throw new AwsError(
          "InvalidChangeSetStatus",
          400,
          `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}]`,
        );
      const { roleArn } = changeSet.input;
      const actor = roleArn === undefined ? caller : context.sessionOf(roleArn);
      const { cloudFormation, engine } = context;
      cloudFormation.change(() => {
        // The others compare with a stack that is no more.
        stack.changeSets = [];
      });
      const run = { cloudFormation, engine, actor, now: () => new Date().toISOString() };
      await runStack(run, stack, changeSet.kind, changeSet.input);
      return {};
    },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html */
export function deleteChangeSet(context: CloudFormationContext): Operation {
  return {
    permissions: stackCheck(context, "DeleteChangeSet"),
    run: ({ input }) => {
      onlyMembers("DeleteChangeSet", input, ["StackName", "ChangeSetName"]);
      if (typeof input["StackName"] === "string" && !findStack(context, input["StackName"]))
        throw noStack(input["StackName"]);
      const found = findChangeSet(context, input);
      context.cloudFormation.change(() => {
        if (found)
          found.stack.changeSets = found.stack.changeSets.filter((one) => one !== found.changeSet);
      });
      return {};
    },
  };
}
