/** AWS's refusals of a stack that the sandbox could make. */
import {
  type MadeResource,
  ResourceFailure,
  type StackOrder,
} from "../aws/cloudformation/engine.ts";
import { refusedText } from "../aws/iam/iam-text.ts";
import type { SandboxState } from "../process/state.ts";
import type { Stack } from "../template/stack.ts";
import { HOME, isSamePlace } from "../world/account.ts";
import type { RunningBroker } from "./broker.ts";
import { iamArns } from "./iam-arns.ts";

/**
 * The resources in every place, such as the second account and other regions, where there is no
 * broker.
 */
const OF_EVERY_PLACE = [
  "AWS::IAM::Role",
  "AWS::IAM::Policy",
  "AWS::IAM::ManagedPolicy",
  "AWS::Events::Rule",
  "AWS::Scheduler::ScheduleGroup",
  "AWS::SQS::Queue",
  "AWS::SQS::QueuePolicy",
  "AWS::CloudWatch::Alarm",
  "AWS::CDK::Metadata",
  // The resources of CDK's bootstrap beside roles.
  ...["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SSM::Parameter", "AWS::ECR::Repository"],
];

/** The resources of an auditor's witness, in the broker's region of every account. */
const OF_HOME_REGION = [
  ...["AWS::KMS::Key", "AWS::Logs::LogGroup", "AWS::Lambda::Function", "AWS::Lambda::Permission"],
  "AWS::Lambda::EventInvokeConfig",
];

const isEmulated = (type: string, { region }: StackOrder): boolean =>
  OF_EVERY_PLACE.includes(type) || (region === HOME.region && OF_HOME_REGION.includes(type));

/** @throws ResourceFailure for the first resource that could not be made */
export function demandAccepted(
  stack: Stack,
  order: StackOrder,
  running: readonly RunningBroker[],
): void {
  const foreign = stack.members.find(({ type }) => !isEmulated(type, order));
  if (!isSamePlace(order, HOME) && foreign)
    throw new ResourceFailure(
      foreign.logicalId,
      `The sandbox does not emulate ${foreign.type} in ${order.region} of account ${order.account}.`,
    );
  demandTexts(stack);
  const other = running.find((one) => one.stack.httpApi && one.stack.name !== stack.name);
  if (stack.httpApi && other)
    throw new ResourceFailure(
      stack.members.find(({ type }) => type === "AWS::ApiGatewayV2::Api")?.logicalId ?? "",
      `The sandbox has one HTTP API, which is that of ${other.stack.name}.`,
    );
}

/** Roles and managed policies have no other characters than IAM takes. */
function demandTexts({ roles, managedPolicies, members }: Stack): void {
  const named = (type: string, physicalId: string) =>
    members.find((one) => one.type === type && one.id === physicalId)?.logicalId ?? "";
  const refuse = (logicalId: string, reason: string | undefined) => {
    if (reason !== undefined) throw new ResourceFailure(logicalId, reason);
  };
  for (const { name, trustPolicy, policies, description = "" } of roles) {
    const id = named("AWS::IAM::Role", name);
    refuse(id, refusedText("assumeRolePolicyDocument", JSON.stringify(trustPolicy)));
    refuse(id, refusedText("description", description));
    for (const policy of Object.values(policies))
      refuse(id, refusedText("policyDocument", JSON.stringify(policy)));
  }
  for (const [arn, policy] of Object.entries(managedPolicies))
    refuse(
      named("AWS::IAM::ManagedPolicy", arn),
      refusedText("policyDocument", JSON.stringify(policy)),
    );
}

/**
 * IAM deletes no managed policy that a role carries. The stack's own roles are deleted first.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
 *
 * @throws ResourceFailure for the first of these that another stack's role carries
 */
export function demandDeletable(
  { iam: { state } }: SandboxState,
  { account, actor, before }: StackOrder,
  gone: readonly MadeResource[],
): void {
  if (!actor) return;
  const own = iamArns(account, before, state);
  const policies = gone.filter(
    ({ type, isRetained }) => type === "AWS::IAM::ManagedPolicy" && !isRetained,
  );
  for (const { logicalId, physicalId } of policies) {
    const carries = Object.values(state.roles).some(
      ({ arn, policies: carried }) => !own.includes(arn) && Object.hasOwn(carried, physicalId),
    );
    if (carries)
      throw new ResourceFailure(logicalId, "Cannot delete a policy attached to entities.");
  }
}
