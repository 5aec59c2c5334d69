/** The stack of a stack instance, which the execution role makes, updates and deletes in the target account. */
import { randomUUID } from "node:crypto";
import type { Caller } from "../../service.ts";
import { isSame } from "../changes.ts";
import type { CloudFormationContext } from "../context.ts";
import { newStack } from "../new-stack.ts";
import { deleteStackNow, runStack, type StackRun } from "../run-stack.ts";
import { ownStacks } from "../stack-names.ts";
import type { StackInstanceState, StackSetState, StackState } from "../state.ts";
import { executionSession } from "./execution-session.ts";

/** A target account and region, and as whom its stack is worked on. */
interface Target {
  readonly place: CloudFormationContext;
  readonly session: Caller;
}

/**
 * Makes the instance's stack, or updates it. One that could not be made is deleted, as AWS does, and made again
 * the next time.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-troubleshooting.html
 *
 * @throws Error with the reason that AWS gives
 */
export async function deployInstance(
  context: CloudFormationContext,
  set: StackSetState,
  instance: StackInstanceState,
): Promise<void> {
  const target = await targetOf(context, set, instance);
  const stack = presentStack(target, instance);
  if (stack === undefined) await create(target, set, instance);
  else await update(target, set, stack);
}

/** Deletes the instance's stack, where there is one. @throws Error with the reason that AWS gives */
export async function removeInstance(
  context: CloudFormationContext,
  set: StackSetState,
  instance: StackInstanceState,
): Promise<void> {
  const target = await targetOf(context, set, instance);
  const stack = presentStack(target, instance);
  if (stack === undefined) return;
  await demandAction(target, "DeleteStack", stack.id);
  if (stack.isProtected)
    throw new Error(
      `Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`,
    );
  const before = stack.events.length;
  await deleteStackNow(runOf(target), stack);
  demandStatus(stack, "DELETE_COMPLETE", before);
}

async function targetOf(
  context: CloudFormationContext,
  set: StackSetState,
  { account, region }: StackInstanceState,
): Promise<Target> {
  const session = await executionSession(context, set, account);
  const place = context.elsewhere(account, region);
  if (!place) throw new Error(`The sandbox has no region ${region} of account ${account}.`);
  return { place, session };
}

const presentStack = ({ place }: Target, { stackId }: StackInstanceState): StackState | undefined =>
  ownStacks(place).find(({ id, status }) => id === stackId && status !== "DELETE_COMPLETE");

const now = () => new Date().toISOString();

const runOf = ({ place: { cloudFormation, engine }, session: actor }: Target): StackRun => ({
  cloudFormation,
  engine,
  actor,
  now,
});

/** AWS wants all of CloudFormation for the execution role; two actions are asked for here. @throws AwsError AccessDenied */
async function demandAction({ place, session }: Target, action: string, resource: string) {
  for (const name of [action, "DescribeStacks"])
    await place.demand(session, { action: `cloudformation:${name}`, resource });
}

async function create(
  target: Target,
  set: StackSetState,
  instance: StackInstanceState,
): Promise<void> {
  const { place } = target;
  const name = `StackSet-${set.name}-${randomUUID()}`;
  const pattern = `arn:aws:cloudformation:${place.region}:${place.account}:stack/${name}/*`;
  await demandAction(target, "CreateStack", pattern);
  const stack = newStack(place, name, now());
  place.cloudFormation.change(({ stacks }) => {
    stacks.push(stack);
    instance.stackId = stack.id;
  });
  await runStack(runOf(target), stack, "CREATE", set.input);
  const made = stack.events.length;
  if (stack.status === "ROLLBACK_COMPLETE") await deleteStackNow(runOf(target), stack);
  demandStatus(stack, "CREATE_COMPLETE", 0, made);
}

async function update(target: Target, set: StackSetState, stack: StackState): Promise<void> {
  await demandAction(target, "UpdateStack", stack.id);
  if (/(?<!UPDATE_)ROLLBACK_|_FAILED$|_IN_PROGRESS$/.test(stack.status))
    throw new Error(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  if (stack.input !== undefined && isSame(stack.input, set.input)) return;
  const before = stack.events.length;
  await runStack(runOf(target), stack, "UPDATE", set.input);
  demandStatus(stack, "UPDATE_COMPLETE", before);
}

/** @throws Error with the first failure among the events of a run, where it did not end in that status */
function demandStatus({ status, events }: StackState, wanted: string, from: number, to?: number) {
  if (status === wanted) return;
  const ofRun = events.slice(from, to);
  const failed = ofRun.find((event) => event.status.endsWith("_FAILED"));
  if (failed)
    throw new Error(
      `ResourceLogicalId:${failed.logicalId}, ResourceType:${failed.type}, ResourceStatusReason:${failed.reason}.`,
    );
  throw new Error(ofRun.findLast(({ reason }) => reason !== undefined)?.reason ?? status);
}
