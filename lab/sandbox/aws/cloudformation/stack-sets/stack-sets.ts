/** The operations that make, change and delete a stack set itself. */
import { AwsError, type Call, type Caller, type Operation } from "../../service.ts";
import type { CloudFormationContext } from "../context.ts";
import { optionalText, validationError } from "../errors.ts";
import { stackInput } from "../stack-input.ts";
import type { StackInput, StackInstanceState, StackSetState } from "../state.ts";
import { deployInstance } from "./instance-stack.ts";
import { demandIdle, newOperationId, runOperation } from "./run-operation.ts";
import { onlySelfManaged } from "./self-managed.ts";
import {
  activeStackSet,
  findStackSet,
  newStackSetId,
  newStackSetNameIn,
  onAll,
  stackSetCheck,
  stackSetNameIn,
} from "./stack-set-names.ts";

const MEMBERS = [
  ...["Description", "TemplateBody", "TemplateURL", "Parameters", "Capabilities", "Tags"],
  "PermissionModel",
];

/**
 * A call with the token of the one that made the set is that call again.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
 */
export function createStackSet(context: CloudFormationContext): Operation {
  return {
    permissions: onAll("CreateStackSet"),
    run: async ({ input, caller }) => {
      onlySelfManaged("CreateStackSet", input, [...MEMBERS, "ClientRequestToken"]);
      const name = newStackSetNameIn(input);
      const token = optionalText(input, "ClientRequestToken");
      const description = optionalText(input, "Description");
      const made = await stackSetInput(context, input, caller, undefined);
      const existing = findStackSet(context, name);
      if (existing && token !== undefined && existing.token === token)
        return { StackSetId: existing.id };
      if (existing)
        throw new AwsError(
          "NameAlreadyExistsException",
          409,
          `StackSet ${name} already exists in ${context.region} of account ${context.account}`,
        );
      const set: StackSetState = {
        id: newStackSetId(name),
        name,
        account: context.account,
        region: context.region,
        status: "ACTIVE",
        input: made,
        instances: [],
        operations: [],
        ...(token === undefined ? {} : { token }),
        ...(description === undefined ? {} : { description }),
      };
      context.cloudFormation.change((state) => {
        state.stackSets = [...(state.stackSets ?? []), set];
      });
      return { StackSetId: set.id };
    },
  };
}

/**
 * The set is changed even where no stack can follow. A new template or values leave every instance outdated, until its stack
 * has them.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStackSet.html
 */
export function updateStackSet(context: CloudFormationContext): Operation {
  return {
    permissions: stackSetCheck(context, "UpdateStackSet"),
    run: async ({ input, caller }) => {
      onlySelfManaged("UpdateStackSet", input, [
        ...MEMBERS,
        ...["UsePreviousTemplate", "OperationId", "OperationPreferences"],
      ]);
      const set = activeStackSet(context, input);
      const made = await stackSetInput(context, input, caller, set.input);
      const id = newOperationId(context, set, input);
      const description = optionalText(input, "Description");
      const instances = operable(set);
      const isNew = ["TemplateBody", "TemplateURL", "Parameters"].some((name) => name in input);
      context.cloudFormation.change(() => {
        set.input = input["Tags"] === undefined ? { ...made, tags: set.input.tags } : made;
        if (description !== undefined) set.description = description;
        if (isNew) for (const instance of instances) instance.status = "OUTDATED";
      });
      const work = (instance: StackInstanceState) => deployInstance(context, set, instance);
      await runOperation(context, set, { id, action: "UPDATE", instances, work });
      return { OperationId: id };
    },
  };
}

/**
 * The instances, one region after another. An instance that a deletion left in an unstable state is
 * not updated again.
 */
const operable = ({ instances }: StackSetState): readonly StackInstanceState[] => {
  const regions = [...new Set(instances.map(({ region }) => region))];
  return regions.flatMap((region) =>
    instances.filter((one) => one.region === region && one.status !== "INOPERABLE"),
  );
};

/**
 * One that is not there counts as deleted.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStackSet.html
 */
export function deleteStackSet(context: CloudFormationContext): Operation {
  return {
    permissions: stackSetCheck(context, "DeleteStackSet"),
    run: ({ input }) => {
      onlySelfManaged("DeleteStackSet", input, []);
      const set = findStackSet(context, stackSetNameIn(input));
      if (set === undefined) return {};
      demandIdle(context, set);
      if (set.instances.length > 0)
        throw new AwsError("StackSetNotEmptyException", 409, "StackSet is not empty");
      context.cloudFormation.change(() => {
        set.status = "DELETED";
      });
      return {};
    },
  };
}

/** @throws AwsError as `stackInput` does, and ValidationError for values that each account would have of its own */
async function stackSetInput(
  context: CloudFormationContext,
  input: Call["input"],
  caller: Caller,
  previous: StackInput | undefined,
): Promise<StackInput> {
  const made = await stackInput(context, input, caller, previous);
  const stored = Object.entries(made.parameters).find(([, { resolved }]) => resolved !== undefined);
  if (stored)
    throw validationError(
      `The sandbox does not emulate values of Parameter Store in stack sets, as of ${stored[0]}. Nothing was changed.`,
    );
  return made;
}
