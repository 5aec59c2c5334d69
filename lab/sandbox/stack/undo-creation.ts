/** A stack that fails on its way: which part of it is made until then, and what stays of that part. */
import type { MadeResource } from "../aws/cloudformation/engine.ts";
import type { Stack } from "../template/stack.ts";

/** The resources of a stack with these logical ids, as far as anything keeps them. Nothing of it runs. */
export function partOfStack(stack: Stack, logicalIds: readonly string[]): Stack {
  const members = stack.members.filter(({ logicalId }) => logicalIds.includes(logicalId));
  const has = (type: string, id: string) =>
    members.some((one) => one.type === type && one.id === id);
  const named = <One extends { readonly name: string }>(type: string, all: readonly One[]) =>
    all.filter(({ name }) => has(type, name));
  const { queues, kms, managedPolicies } = stack;
  return {
    name: stack.name,
    members,
    outputs: {},
    functions: [],
    eventSources: [],
    permissions: [],
    rules: [],
    eventRules: [],
    alarms: [],
    managedPolicies: Object.fromEntries(
      Object.entries(managedPolicies).filter(([arn]) => has("AWS::IAM::ManagedPolicy", arn)),
    ),
    tables: named("AWS::DynamoDB::GlobalTable", stack.tables),
    eventBuses: named("AWS::Events::EventBus", stack.eventBuses),
    buckets: named("AWS::S3::Bucket", stack.buckets),
    parameters: named("AWS::SSM::Parameter", stack.parameters),
    roles: named("AWS::IAM::Role", stack.roles),
    queues: queues.filter(({ url }) => has("AWS::SQS::Queue", url)),
    kms: {
      keys: kms.keys.filter(({ id }) => has("AWS::KMS::Key", id)),
      aliases: named("AWS::KMS::Alias", kms.aliases),
    },
    scheduleGroups: stack.scheduleGroups.filter((one) => has("AWS::Scheduler::ScheduleGroup", one)),
  };
}

/** The same resources, each retained only where that holds for the operation that makes it. */
export const whenUndone = <One extends MadeResource>(resources: readonly One[]): readonly One[] =>
  resources.map((one) => ({ ...one, isRetained: one.isRetainedWhenNew === true }));
