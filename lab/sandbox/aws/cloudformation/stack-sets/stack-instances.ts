/** The operations that make and delete the instances of a stack set. */
import { AwsError, type Call, type Operation } from "../../service.ts";
import type { CloudFormationContext } from "../context.ts";
import { listIn, textIn, validationError } from "../errors.ts";
import type { StackInstanceState, StackSetState } from "../state.ts";
import { deployInstance, removeInstance } from "./instance-stack.ts";
import { newOperationId, runOperation } from "./run-operation.ts";
import { onlySelfManaged } from "./self-managed.ts";
import { activeStackSet, findInstance, stackSetCheck } from "./stack-set-names.ts";

const MEMBERS = ["Accounts", "Regions", "OperationId", "OperationPreferences"];

/**
 * An instance that is there already is brought up to date.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html
 */
export function createStackInstances(context: CloudFormationContext): Operation {
  return {
    permissions: stackSetCheck(context, "CreateStackInstances"),
    run: async ({ input }) => {
      onlySelfManaged("CreateStackInstances", input, MEMBERS);
      const set = activeStackSet(context, input);
      const places = placesIn(context, input);
      const id = newOperationId(context, set, input);
      const known = places.map(({ account, region }) => findInstance(set, account, region));
      demandOperable(known);
      const instances = places.map(
        (place, at): StackInstanceState =>
          known[at] ?? {
            ...place,
            status: "OUTDATED",
            detailedStatus: "PENDING",
            lastOperationId: id,
          },
      );
      context.cloudFormation.change(() => {
        set.instances = [...set.instances, ...instances.filter((one) => !known.includes(one))];
      });
      const work = (instance: StackInstanceState) => deployInstance(context, set, instance);
      await runOperation(context, set, { id, action: "CREATE", instances, work });
      return { OperationId: id };
    },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStackInstances.html */
export function deleteStackInstances(context: CloudFormationContext): Operation {
  return {
    permissions: stackSetCheck(context, "DeleteStackInstances"),
    run: async ({ input }) => {
      onlySelfManaged("DeleteStackInstances", input, [...MEMBERS, "RetainStacks"]);
      const retainsStacks = textIn(input, "RetainStacks") === "true";
      const set = activeStackSet(context, input);
      const instances = placesIn(context, input).flatMap(
        ({ account, region }) => findInstance(set, account, region) ?? [],
      );
      const id = newOperationId(context, set, input);
      await runOperation(context, set, {
        id,
        action: "DELETE",
        retainsStacks,
        instances,
        work: async (instance) => {
          if (!retainsStacks) await removeInstance(context, set, instance);
          forget(context, set, instance);
        },
      });
      return { OperationId: id };
    },
  };
}

function forget(
  { cloudFormation }: CloudFormationContext,
  set: StackSetState,
  instance: StackInstanceState,
): void {
  cloudFormation.change(() => {
    set.instances = set.instances.filter((one) => one !== instance);
  });
}

/**
 * Each account in each region, one region after another.
 * @throws AwsError ValidationError for what is missing, no account, or not in the sandbox
 */
function placesIn(context: CloudFormationContext, input: Call["input"]) {
  const [accounts, regions] = [textsIn(input, "Accounts"), textsIn(input, "Regions")];
  const places = regions.flatMap((region) => accounts.map((account) => ({ account, region })));
  const missing = places.find(({ account, region }) => !context.elsewhere(account, region));
  if (missing)
    throw validationError(
      `The sandbox does not emulate the region ${missing.region} of account ${missing.account}. Nothing was changed.`,
    );
  return places;
}

function textsIn(input: Call["input"], member: "Accounts" | "Regions"): readonly string[] {
  const values = [...new Set(listIn(input, member).map(String))];
  if (values.length === 0) textIn({}, member);
  return values;
}

/** @throws AwsError InvalidOperationException: such an instance can only be deleted */
function demandOperable(instances: readonly (StackInstanceState | undefined)[]): void {
  const broken = instances.find((one) => one?.status === "INOPERABLE");
  if (broken)
    throw new AwsError(
      "InvalidOperationException",
      400,
      `The stack instance of account ${broken.account} in ${broken.region} is INOPERABLE: delete it first.`,
    );
}
