/** Finds the stack set of a call. */
import { randomUUID } from "node:crypto";
import { AwsError, type Call, type PermissionCheck } from "../../service.ts";
import type { CloudFormationContext } from "../context.ts";
import { textIn, validationError } from "../errors.ts";
import type { StackInstanceState, StackSetOperationState, StackSetState } from "../state.ts";

type Where = Pick<CloudFormationContext, "cloudFormation" | "account" | "region">;
type Input = Call["input"];

const NAME = "[a-zA-Z][-a-zA-Z0-9]{0,127}";
/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackSet.html */
const NAME_OR_ID = new RegExp(
  `^${NAME}(?::[a-zA-Z0-9]{8}(?:-[a-zA-Z0-9]{4}){3}-[a-zA-Z0-9]{12})?$`,
);

/** The stack sets of the account and region, in the order of their creation, deleted ones too. */
export const ownStackSets = ({
  cloudFormation,
  account,
  region,
}: Where): readonly StackSetState[] =>
  (cloudFormation.state.stackSets ?? []).filter(
    (set) => set.account === account && set.region === region,
  );

/** By its name, unless it was deleted; by its id in any case. */
export const findStackSet = (where: Where, name: string): StackSetState | undefined =>
  ownStackSets(where).find(
    (set) => set.id === name || (set.name === name && set.status === "ACTIVE"),
  );

/** @throws AwsError StackSetNotFoundException */
export function stackSetNamed(where: Where, input: Input): StackSetState {
  const name = stackSetNameIn(input);
  const found = findStackSet(where, name);
  if (found) return found;
  throw new AwsError("StackSetNotFoundException", 404, `StackSet ${name} not found`);
}

/** @throws AwsError StackSetNotFoundException, for one that was deleted too */
export function activeStackSet(where: Where, input: Input): StackSetState {
  const set = stackSetNamed(where, input);
  if (set.status === "ACTIVE") return set;
  throw new AwsError("StackSetNotFoundException", 404, `StackSet ${set.id} not found`);
}

/** @throws AwsError ValidationError for what is neither a stack set's name nor its id */
export function stackSetNameIn(input: Input, pattern = NAME_OR_ID): string {
  const name = textIn(input, "StackSetName");
  if (pattern.test(name)) return name;
  throw validationError(
    `1 validation error detected: Value '${name}' at 'stackSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
  );
}

/** @throws AwsError ValidationError for a name that no new stack set can have */
export const newStackSetNameIn = (input: Input): string =>
  stackSetNameIn(input, new RegExp(`^${NAME}$`));

export const newStackSetId = (name: string): string => `${name}:${randomUUID()}`;

const arn = ({ account, region }: Where, id: string) =>
  `arn:aws:cloudformation:${region}:${account}:stackset/${id}`;

export const stackSetArn = (where: Where, { id }: StackSetState): string => arn(where, id);

/**
 * The permission check of an action on the stack set that the call names.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
 */
export const stackSetCheck =
  (where: Where, action: string) =>
  (input: Input): readonly PermissionCheck[] => {
    const name = String(input["StackSetName"] ?? "");
    const regions = Array.isArray(input["Regions"]) ? input["Regions"].map(String) : [];
    return [
      {
        action: `cloudformation:${action}`,
        resource: arn(where, findStackSet(where, name)?.id ?? `${name}:*`),
        ...(regions.length === 0 ? {} : { context: { "cloudformation:TargetRegion": regions } }),
      },
    ];
  };

/** The permission check of an action that is on no stack set. */
export const onAll = (action: string) => (): readonly PermissionCheck[] => [
  { action: `cloudformation:${action}`, resource: "*" },
];

export const findInstance = (
  { instances }: StackSetState,
  account: string,
  region: string,
): StackInstanceState | undefined =>
  instances.find((one) => one.account === account && one.region === region);

/** @throws AwsError OperationNotFoundException */
export function operationIn(
  { operations, id }: StackSetState,
  input: Input,
): StackSetOperationState {
  const wanted = textIn(input, "OperationId");
  const found = operations.find((one) => one.id === wanted);
  if (found) return found;
  throw new AwsError(
    "OperationNotFoundException",
    404,
    `Operation ${wanted} of StackSet ${id} not found`,
  );
}
