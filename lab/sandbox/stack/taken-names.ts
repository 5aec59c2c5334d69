/** Names that something else has already. */
import { accountOf, regionOf } from "../aws/accounts.ts";
import type { StackOrder } from "../aws/cloudformation/engine.ts";
import { isMade, type StackState } from "../aws/cloudformation/state.ts";
import type { IamState } from "../aws/iam/state.ts";
import type { ResolvedResource } from "../template/resolve.ts";

/** Types whose physical id is unique in an account and region, or in an account. */
const UNIQUE: Readonly<Record<string, "account" | "region">> = {
  "AWS::DynamoDB::GlobalTable": "region",
  "AWS::Events::EventBus": "region",
  "AWS::Events::Rule": "region",
  "AWS::IAM::ManagedPolicy": "account",
  "AWS::IAM::Role": "account",
  "AWS::Lambda::Function": "region",
  "AWS::Logs::LogGroup": "region",
  "AWS::SQS::Queue": "region",
  "AWS::SSM::Parameter": "region",
  "AWS::Scheduler::ScheduleGroup": "region",
};

type Where = Pick<StackOrder, "account" | "region" | "id" | "before">;

/**
 * CloudFormation makes what is new before it deletes what a stack has no more. So a name is taken as well by a resource
 * of the same stack under another logical id.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html
 *
 * @returns why the resource cannot be made, in CloudFormation's words; undefined where its name is free
 */
export function takenName(
  stacks: readonly StackState[],
  { account, region, id, before }: Where,
  { logicalId, type, ref }: Pick<ResolvedResource, "logicalId" | "type" | "ref">,
): string | undefined {
  const scope = UNIQUE[type];
  if (scope === undefined) return undefined;
  const isBeside = (stack: StackState) =>
    stack.id !== id &&
    isMade(stack) &&
    stack.account === account &&
    (scope === "account" || regionOf(stack.id) === region);
  const others = stacks.filter(isBeside).flatMap(({ resources }) => resources);
  const own = before.filter((one) => one.logicalId !== logicalId);
  return [...others, ...own].some((one) => one.type === type && one.physicalId === ref)
    ? `Resource of type '${type}' with identifier '${ref}' already exists.`
    : undefined;
}

/**
 * IAM compares names of roles without their case and path, whoever made them.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export function takenRole(
  { roles }: Pick<IamState, "roles">,
  { account }: Pick<Where, "account">,
  { type, ref: name }: Pick<ResolvedResource, "type" | "ref">,
): string | undefined {
  const isTaken = Object.values(roles).some(
    ({ arn, roleName }) =>
      accountOf(arn) === account && roleName.toLowerCase() === name.toLowerCase(),
  );
  return type === "AWS::IAM::Role" && isTaken
    ? `Role with name ${name} already exists.`
    : undefined;
}
