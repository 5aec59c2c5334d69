/**
 * Makes, changes and deletes the stacks of the sandbox's accounts: what CloudFormation asks for, at a start
 * of the sandbox and for whoever deploys.
 */
import {
  type MadeResource,
  type MadeStack,
  ResourceFailure,
  type StackEngine,
  type StackOrder,
} from "../aws/cloudformation/engine.ts";
import type { EventRule } from "../aws/eventbridge/rule.ts";
import type { RuleDelivery } from "../aws/eventbridge/rule-delivery.ts";
import { AwsError } from "../aws/service.ts";
import type { Template } from "../template/assembly.ts";
import { loadStack } from "../template/load-stack.ts";
import type { Place } from "../template/resource-type.ts";
import type { Stack } from "../template/stack.ts";
import { type BrokerSurroundings, type RunningBroker, startBroker } from "./broker.ts";
import { codeFolders } from "./code-folders.ts";
import { deleteResources } from "./delete-resources.ts";
import { deployRoles } from "./deploy-roles.ts";
import { deployStack } from "./deploy-stack.ts";
import { demandAccepted } from "./refused-stack.ts";

export interface LiveStacksOptions extends BrokerSurroundings {
  readonly place: Omit<Place, "account" | "stackName">;
  /** Where DynamoDB Local listens. */
  readonly engineUrl: string;
  /** How long before its making a role is said to be there, in milliseconds. */
  readonly roleAgeMs: () => number;
}

export interface LiveStacks extends StackEngine {
  /** The rules with an event pattern of every stack. */
  readonly eventRules: () => readonly EventRule[];
  /** Invokes a function of any stack for a rule. */
  readonly invoke: RuleDelivery["invoke"];
  /** Stops every function. */
  stop(): Promise<void>;
}

export function liveStacks(options: LiveStacksOptions): LiveStacks {
  /** By the stacks' ids, as the rules. */
  const brokers = new Map<string, RunningBroker>();
  const eventRules = new Map<string, readonly EventRule[]>();
  const stopBroker = async (id: string) => {
    const broker = brokers.get(id);
    brokers.delete(id);
    await broker?.stop();
  };
  const inTurn = oneByOne();
  const running = () => [...brokers.values()];
  return {
    eventRules: () => [...eventRules.values()].flat(),
    invoke(functionArn, event, ruleArn) {
      const broker = running().find(({ stack }) =>
        stack.functions.some(({ arn }) => arn === functionArn),
      );
      if (!broker)
        throw new AwsError("ResourceNotFoundException", 404, `${functionArn} does not run.`);
      broker.invoke(functionArn, event, ruleArn);
    },
    stop: async () => {
      for (const id of brokers.keys()) await stopBroker(id);
    },
    deploy: (order) =>
      inTurn(async () => {
        const stack = readStack(options, order);
        demandAccepted(options.state, stack, order, running());
        await stopBroker(order.id);
        const made = madeStack(stack, order);
        try {
          await make(options, stack, order, absentFrom(made.resources, order.before));
          if (stack.functions.length > 0) brokers.set(order.id, await startBroker(stack, options));
          eventRules.set(order.id, stack.eventRules);
        } catch (error) {
          const added = absentFrom(order.before, made.resources);
          if (order.actor) await make(options, NOTHING, { ...order, before: added }, added);
          throw error;
        }
        return made;
      }),
    remove: (order) =>
      inTurn(async () => {
        await stopBroker(order.id);
        eventRules.delete(order.id);
        await make(options, NOTHING, order, order.before);
      }),
  };
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

/** What is left of a stack that is deleted. */
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
function readStack({ place, state }: LiveStacksOptions, order: StackOrder): Stack {
  const { account, name: stackName, input } = order;
  const template = JSON.parse(input.template) as Template;
  const parameters = Object.fromEntries(
    Object.entries(input.parameters).map(([key, { value, resolved }]) => [key, resolved ?? value]),
  );
  const assetDir = codeFolders(input.localCode ?? {});
  try {
    return loadStack(
      { stackName, template, assetDir, parameters },
      { ...place, account, stackName },
      state.deployed.state.policies,
    );
  } catch (error) {
    const { message } = error as Error;
    const [logicalId = ""] = /^\w+/.exec(message) ?? [];
    throw template.Resources[logicalId] ? new ResourceFailure(logicalId, message) : error;
  }
}

/** Makes the stack's resources, and deletes what it no longer has. */
async function make(
  { state, engineUrl, roleAgeMs }: LiveStacksOptions,
  stack: Stack | typeof NOTHING,
  { account, before }: Pick<StackOrder, "account"> & { readonly before: readonly MadeResource[] },
  gone: readonly MadeResource[],
): Promise<void> {
  const made = new Date(Date.now() - roleAgeMs());
  if ("members" in stack) await deployStack(stack, account, state, engineUrl);
  deployRoles(state.iam, state.deployed, stack, made, iamArns(account, before, state.iam.state));
  await deleteResources({ state, account, engineUrl }, gone);
}

/** The ARNs of a stack's roles, of which CloudFormation knows the names, and of its managed policies. */
const iamArns = (
  account: string,
  resources: readonly MadeResource[],
  { roles }: LiveStacksOptions["state"]["iam"]["state"],
): readonly string[] =>
  resources
    .filter(({ isRetained }) => !isRetained)
    .flatMap(({ type, physicalId }) => {
      if (type === "AWS::IAM::ManagedPolicy") return [physicalId];
      if (type !== "AWS::IAM::Role") return [];
      return Object.values(roles)
        .filter(({ arn, roleName }) => roleName === physicalId && arn.includes(`::${account}:`))
        .map(({ arn }) => arn);
    });

function madeStack(stack: Stack, { input }: StackOrder): MadeStack {
  const { Outputs: outputs = {} } = JSON.parse(input.template) as Template;
  return {
    resources: stack.members.map(({ logicalId, type, id, isRetained }) => ({
      ...{ logicalId, type, physicalId: id, isRetained },
    })),
    outputs: Object.entries(stack.outputs).map(([key, value]) => {
      const description = outputs[key]?.Description;
      return { key, value, ...(description === undefined ? {} : { description }) };
    }),
  };
}
