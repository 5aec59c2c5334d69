/** Makes, changes and deletes the sandbox's stacks, at its start and when CloudFormation asks. */
import { regionOf } from "../aws/accounts.ts";
import {
  type MadeResource,
  type MadeStack,
  ResourceFailure,
  type StackEngine,
  type StackOrder,
} from "../aws/cloudformation/engine.ts";
import { PartlyDeleted } from "../aws/cloudformation/partly-deleted.ts";
import { parseTemplate } from "../aws/cloudformation/template-text.ts";
import { placeOf } from "../process/place-stores.ts";
import type { Template } from "../template/assembly.ts";
import { loadStack } from "../template/load-stack.ts";
import { resolveTemplate } from "../template/resolve.ts";
import type { Place } from "../template/resource-type.ts";
import type { Stack } from "../template/stack.ts";
import { TemplateReferences } from "../template/template-references.ts";
import type { BrokerSurroundings } from "./broker.ts";
import { codeFolders } from "./code-folders.ts";
import { deleteResources } from "./delete-resources.ts";
import { demandCreatable } from "./demand-creatable.ts";
import { deployRoles } from "./deploy-roles.ts";
import { deployStack } from "./deploy-stack.ts";
import { iamArns } from "./iam-arns.ts";
import { demandAccepted, demandDeletable } from "./refused-stack.ts";
import { demandDeletes, demandMakes, demandParameters } from "./resource-permissions.ts";
import { type RunningBrokers, runningBrokers } from "./running-brokers.ts";
import { partOfStack, whenUndone } from "./undo-creation.ts";

export interface LiveStacksOptions extends BrokerSurroundings {
  readonly place: Omit<Place, "account" | "region" | "stackName">;
  /** The address of DynamoDB Local. */
  readonly engineUrl: string;
  /** Called when a stack was made, changed or deleted. */
  readonly changed: () => unknown;
  /** Whether nothing was deployed before. */
  readonly isFirst: boolean;
}

export interface LiveStacks extends StackEngine, Omit<RunningBrokers, "all" | "start" | "stop"> {
  /** Stops every function. */
  readonly stop: () => Promise<void>;
}

/**
 * The age of the roles at the first deployment, in milliseconds. A request within seconds of a
 * start is for stacks that stand. Converge rightly takes a role that may be younger than its
 * request for another one. A deployment into an empty account waits as in AWS.
 */
const FIRST_ROLES_MS = 60_000;

export function liveStacks(given: Omit<LiveStacksOptions, "isFirst">): LiveStacks {
  const options = { ...given, isFirst: given.state.deployed.state.roleArns.length === 0 };
  const brokers = runningBrokers(options);
  const inTurn = oneByOne();
  return {
    eventRules: brokers.eventRules,
    functions: brokers.functions,
    eventSources: brokers.eventSources,
    alarms: brokers.alarms,
    hasApi: brokers.hasApi,
    invoke: brokers.invoke,
    invoker: brokers.invoker,
    stop: async () => {
      for (const id of brokers.all().keys()) await brokers.stop(id);
    },
    present: (order) => {
      const { template, parameters } = templateOf(order);
      return new TemplateReferences(template, placeIn(options, order), parameters).present();
    },
    deploy: (order) => inTurn(() => deploy(options, brokers, order)),
    remove: (order) => inTurn(() => remove(options, brokers, order)),
  };
}

/** A resource that cannot be deleted keeps no other: CloudFormation goes on with all that does not need it. */
async function remove(
  options: LiveStacksOptions,
  brokers: RunningBrokers,
  order: StackOrder,
): Promise<void> {
  await demandDeletes(options.state.iam.state, order, order.before);
  const failure = undeletable(options, order);
  const before = order.before.filter(({ logicalId }) => logicalId !== failure?.logicalId);
  await brokers.stop(order.id);
  await make(options, NOTHING, { ...order, before }, before);
  options.changed();
  if (failure) throw failure;
}

function undeletable({ state }: LiveStacksOptions, order: StackOrder): PartlyDeleted | undefined {
  try {
    demandDeletable(state, order, order.before);
    return undefined;
  } catch (error) {
    if (!(error instanceof ResourceFailure)) throw error;
    return new PartlyDeleted(error.logicalId, error.message);
  }
}

async function deploy(
  options: LiveStacksOptions,
  brokers: RunningBrokers,
  order: StackOrder,
): Promise<MadeStack> {
  const stack = readStack(options, order);
  demandAccepted(stack, order, [...brokers.all().values()]);
  const made = madeStack(stack);
  const added = absentFrom(order.before, made.resources);
  const gone = absentFrom(made.resources, order.before);
  const { state: iam } = options.state.iam;
  await demandParameters(iam, order);
  await demandMakes(iam, order, stack, added);
  await demandDeletes(iam, order, gone);
  demandDeletable(options.state, order, gone);
  await demandSteps(options, stack, order, made.resources);
  await brokers.stop(order.id);
  try {
    await make(options, stack, order, gone);
    await brokers.start(order.id, stack);
  } catch (error) {
    if (order.actor)
      await make(options, NOTHING, { ...order, before: whenUndone(added) }, whenUndone(added));
    throw failureOf(order, error as Error);
  } finally {
    options.changed();
  }
  return made;
}

/** @throws ResourceFailure for the first refused resource, with the new ones before it */
async function demandSteps(
  options: LiveStacksOptions,
  stack: Stack,
  order: StackOrder,
  members: readonly MadeResource[],
): Promise<void> {
  const { template, parameters } = templateOf(order);
  const resolved = resolveTemplate(template, placeIn(options, order), parameters);
  try {
    await demandCreatable(options.state, { template, resolved }, order, members);
  } catch (error) {
    if (!(error instanceof ResourceFailure) || !order.actor) throw error;
    const ids = error.made.map(({ logicalId }) => logicalId);
    await make(options, partOfStack(stack, ids), { ...order, before: [] }, []);
    throw error;
  }
}

/** Those of `these` that are not among `others`. */
const absentFrom = <One extends MadeResource>(
  others: readonly MadeResource[],
  these: readonly One[],
): readonly One[] =>
  these.filter(
    ({ logicalId, physicalId }) =>
      !others.some((one) => one.logicalId === logicalId && one.physicalId === physicalId),
  );

/** The rest of a stack that is deleted. */
const NOTHING: Pick<Stack, "roles" | "managedPolicies"> = { roles: [], managedPolicies: {} };

/** Carries out one piece of work after another. */
function oneByOne() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}

/** @throws ResourceFailure for what the sandbox does not emulate */
function readStack(options: LiveStacksOptions, order: StackOrder): Stack {
  const { state } = options;
  const assetDir = codeFolders(order.input.localCode ?? {}, state);
  try {
    return loadStack(
      { stackName: order.name, ...templateOf(order), assetDir },
      placeIn(options, order),
      state.deployed.state.policies,
    );
  } catch (error) {
    throw failureOf(order, error as Error);
  }
}

/** The place of the stack, with the addresses that its values contain. */
const placeIn = ({ place, state }: LiveStacksOptions, order: StackOrder): Place => ({
  ...{ ...place, account: order.account, region: order.region, stackName: order.name },
  ...{ stackId: order.id, life: lifeOf(state, order) },
});

/** The template, and the values of its parameters. */
const templateOf = ({ input }: StackOrder) => ({
  template: parseTemplate(input.template) as unknown as Template,
  parameters: Object.fromEntries(
    Object.entries(input.parameters).map(([key, { value, resolved }]) => [key, resolved ?? value]),
  ),
});

/** A failure of one resource names its logical id first. */
function failureOf(order: StackOrder, error: Error): Error {
  const [logicalId = ""] = /^\w+/.exec(error.message) ?? [];
  const { Resources: resources } = templateOf(order).template;
  return Object.hasOwn(resources, logicalId)
    ? new ResourceFailure(logicalId, error.message)
    : error;
}

/**
 * The number of the stack among those of that name in its account and region, from 1. Each gives
 * its resources names of their own.
 */
const lifeOf = (
  { cloudFormation }: LiveStacksOptions["state"],
  { account, region, name, id }: StackOrder,
) =>
  cloudFormation.state.stacks
    .filter((one) => one.name === name && one.account === account && regionOf(one.id) === region)
    .findIndex((one) => one.id === id) + 1;

/** Makes the stack's resources, and deletes what it no longer has. */
async function make(
  { state, engineUrl, isFirst }: LiveStacksOptions,
  stack: Stack | typeof NOTHING,
  {
    actor,
    before,
    ...at
  }: Pick<StackOrder, "account" | "region" | "actor"> & {
    readonly before: readonly MadeResource[];
  },
  gone: readonly MadeResource[],
): Promise<void> {
  const made = new Date(Date.now() - (isFirst && !actor ? FIRST_ROLES_MS : 0));
  if ("members" in stack) await deployStack(stack, at, state, engineUrl);
  deployRoles(state.iam, state.deployed, stack, made, iamArns(at.account, before, state.iam.state));
  await deleteResources({ state, place: placeOf(state, at), engineUrl }, gone);
}

const madeStack = (stack: Stack): MadeStack => ({
  resources: stack.members.map(({ logicalId, type, id, isRetained, isRetainedWhenNew }) => ({
    ...{ logicalId, type, physicalId: id, isRetained, isRetainedWhenNew },
  })),
  outputs: Object.entries(stack.outputs).map(([key, output]) => ({ key, ...output })),
});
