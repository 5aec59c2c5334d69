/** Finds the stack of a call. */
import { randomUUID } from "node:crypto";
import { regionOf } from "../accounts.ts";
import type { PermissionCheck } from "../service.ts";
import type { CloudFormationContext } from "./context.ts";
import { noStackWithId, textIn, validationError } from "./errors.ts";
import type { ChangeSetState, StackState } from "./state.ts";

const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

type Where = Pick<CloudFormationContext, "cloudFormation" | "account" | "region">;

/** The stacks of the account and region, in the order of their creation. */
export const ownStacks = ({ cloudFormation, account, region }: Where): readonly StackState[] =>
  cloudFormation.state.stacks.filter(
    (stack) => stack.account === account && regionOf(stack.id) === region,
  );

/** By its name, unless it was deleted; by its id in any case. */
export function findStack(where: Where, name: string): StackState | undefined {
  return ownStacks(where).find(
    (stack) => stack.id === name || (stack.name === name && stack.status !== "DELETE_COMPLETE"),
  );
}

/** @throws AwsError ValidationError, in the words that `missing` has */
export function stackNamed(
  where: Where,
  input: Readonly<Record<string, unknown>>,
  missing: (name: string) => Error = noStackWithId,
): StackState {
  const name = textIn(input, "StackName");
  const found = findStack(where, name);
  if (found === undefined) throw missing(name);
  return found;
}

/** @throws AwsError ValidationError for what is neither a stack's name nor its ARN */
export function checkedName(input: Readonly<Record<string, unknown>>): string {
  const name = textIn(input, "StackName");
  if (NAME.test(name) || name.startsWith("arn:aws:cloudformation:")) return name;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*|arn:[-a-zA-Z0-9:/._+]*`,
  );
}

const arn = ({ account, region }: Where, rest: string) =>
  `arn:aws:cloudformation:${region}:${account}:${rest}`;

export const newStackId = (where: Where, name: string): string =>
  arn(where, `stack/${name}/${randomUUID()}`);

export const newChangeSetId = (where: Where, name: string): string =>
  arn(where, `changeSet/${name}/${randomUUID()}`);

/**
 * The permission check of an action on the stack that the call names; on all stacks if it names no
 * stack.
 */
export const stackCheck =
  (where: Where, action: string) =>
  (input: Readonly<Record<string, unknown>>): readonly PermissionCheck[] => {
    const name = input["StackName"];
    if (typeof name !== "string" || name === "")
      return [{ action: `cloudformation:${action}`, resource: "*" }];
    const resource = findStack(where, name)?.id ?? arn(where, `stack/${name}/*`);
    return [{ action: `cloudformation:${action}`, resource }];
  };

/** By name within a stack, or by ARN. */
export function findChangeSet(
  where: Where,
  input: Readonly<Record<string, unknown>>,
): { readonly stack: StackState; readonly changeSet: ChangeSetState } | undefined {
  const name = textIn(input, "ChangeSetName");
  const stackName = input["StackName"];
  const stacks = typeof stackName === "string" ? [findStack(where, stackName)] : ownStacks(where);
  for (const stack of stacks) {
    const changeSet = stack?.changeSets.find((one) => one.name === name || one.id === name);
    if (stack && changeSet) return { stack, changeSet };
  }
  return undefined;
}
