/**
 * Accounts on paper: CloudFormation's stacks with their statuses and events, and of their resources what AWS judges others
 * by. Nothing runs, so that a deployment takes milliseconds, and can be broken off at every resource.
 */
import { regionOf } from "../../../../lab/sandbox/aws/accounts.ts";
import {
  type MadeResource,
  type MadeStack,
  ResourceFailure,
  type StackEngine,
  type StackOrder,
} from "../../../../lab/sandbox/aws/cloudformation/engine.ts";
import { emptyCloudFormationState } from "../../../../lab/sandbox/aws/cloudformation/state.ts";
import { parseTemplate } from "../../../../lab/sandbox/aws/cloudformation/template-text.ts";
import type { EventBridgeState } from "../../../../lab/sandbox/aws/eventbridge/state.ts";
import type { IamState } from "../../../../lab/sandbox/aws/iam/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { partOf } from "../../../../lab/sandbox/stack/creation-steps.ts";
import { demandCreatable } from "../../../../lab/sandbox/stack/demand-creatable.ts";
import { type DeployedState, deployRoles } from "../../../../lab/sandbox/stack/deploy-roles.ts";
import { iamArns } from "../../../../lab/sandbox/stack/iam-arns.ts";
import type { Template } from "../../../../lab/sandbox/template/assembly.ts";
import {
  type ResolvedTemplate,
  resolveTemplate,
} from "../../../../lab/sandbox/template/resolve.ts";
import { managedPoliciesOf, rolesOf } from "../../../../lab/sandbox/template/roles.ts";
import { membersOfStack } from "../../../../lab/sandbox/template/stack-members.ts";

const HUB = "111122223333";
const NOWHERE = "http://127.0.0.1:9";

/** The state that a world starts with. */
const emptyPaper = () => ({
  cloudFormation: emptyCloudFormationState(),
  iam: { accountId: HUB, roles: {}, credentials: {} } as IamState,
  eventBridge: { buses: {} } as EventBridgeState,
  deployed: { roleArns: [] } as DeployedState,
  /** The resources, as `<account> <region> <type> <physical id>`. */
  resources: [] as string[],
});

export type PaperState = ReturnType<typeof emptyPaper>;

/**
 * The point at which a deployment is broken off: while this stack makes or changes this resource.
 */
export interface Fault {
  readonly stack: string;
  readonly logicalId: string;
}

export type PaperAccounts = ReturnType<typeof paperAccounts>;

/** @param from an earlier world, of which this one is a copy */
export function paperAccounts(from: PaperState = emptyPaper()) {
  const state = structuredClone(from);
  const stores = {
    cloudFormation: memoryStore(state.cloudFormation),
    iam: memoryStore(state.iam),
    eventBridge: memoryStore(state.eventBridge),
    deployed: memoryStore(state.deployed),
  };
  let fault: Fault | undefined;
  let isStrict = true;
  const engine: StackEngine = {
    present: (order) => read(order).members.map(({ logicalId }) => logicalId),
    async deploy(order) {
      const found = read(order);
      const { members, resolved, template } = found;
      const hinders = (logicalId: string) =>
        fault?.stack === order.name && fault.logicalId === logicalId ? "Broken off." : undefined;
      try {
        if (isStrict)
          await demandCreatable(stores, { template, resolved }, order, members, hinders);
      } catch (error) {
        if (error instanceof ResourceFailure)
          make(
            order,
            partOf(
              resolved,
              error.made.map((one) => one.logicalId),
            ),
            error.made,
          );
        throw error;
      }
      make(order, resolved, members);
      const gone = order.before.filter(
        (one) =>
          !members.some(
            ({ physicalId, type }) => physicalId === one.physicalId && type === one.type,
          ),
      );
      takeAway(order, gone);
      return madeStack(found);
    },
    async remove(order) {
      for (const one of order.before) demandUnprotected(order, one);
      takeAway(order, order.before);
    },
  };

  function make(
    order: StackOrder,
    resolved: ResolvedTemplate,
    made: readonly MadeResource[],
  ): void {
    const roles = rolesOf(resolved, stores.deployed.state.policies ?? {});
    deployRoles(
      stores.iam,
      stores.deployed,
      { roles, managedPolicies: managedPoliciesOf(resolved) },
      new Date(),
    );
    for (const { attributes, properties, ref } of resolved.ofType("AWS::Events::EventBus")) {
      const arn = attributes["Arn"] ?? "";
      const policy = properties.raw("Policy") ? { policy: properties.object("Policy") } : {};
      state.eventBridge.buses[arn] = { name: ref, arn, events: [], ...policy };
    }
    for (const one of made) {
      const key = keyOf(order, one);
      if (!state.resources.includes(key)) state.resources.push(key);
    }
  }

  function takeAway(order: StackOrder, gone: readonly MadeResource[]): void {
    const removed = gone.filter(({ isRetained }) => !isRetained);
    const arns = iamArns(order.account, removed, stores.iam.state);
    deployRoles(stores.iam, stores.deployed, { roles: [], managedPolicies: {} }, new Date(), arns);
    for (const one of removed) {
      if (one.type === "AWS::Events::EventBus")
        delete state.eventBridge.buses[
          `arn:aws:events:${order.region}:${order.account}:event-bus/${one.physicalId}`
        ];
      const key = keyOf(order, one);
      state.resources = state.resources.filter((each) => each !== key);
    }
  }

  function read(order: StackOrder) {
    const template = parseTemplate(order.input.template) as unknown as Template;
    const { account, region, name: stackName, id: stackId } = order;
    const life =
      state.cloudFormation.stacks
        .filter(
          (one) => one.name === stackName && one.account === account && regionOf(one.id) === region,
        )
        .findIndex(({ id }) => id === stackId) + 1;
    const place = { account, region, stackName, stackId, life, awsUrl: NOWHERE, apiUrl: NOWHERE };
    const values = Object.entries(order.input.parameters).map(
      ([key, { value, resolved }]) => [key, resolved ?? value] as const,
    );
    const resolved = resolvedOnce(
      order.input.template,
      template,
      place,
      Object.fromEntries(values),
    );
    const assembly = { stackName, template, assetDir: () => "/not-run" };
    const members = membersOfStack(assembly, resolved, place).map(({ id, ...one }) => ({
      ...one,
      physicalId: id,
    }));
    return { template, resolved, members };
  }

  return {
    ...stores,
    engine,
    state,
    /** Has the next deployments fail there, or nowhere. */
    breakOffAt: (at: Fault | undefined) => {
      fault = at;
    },
    /** Has AWS take whatever a template names, or look at it. */
    beStrict: (strict: boolean) => {
      isStrict = strict;
    },
  };
}

const known = new Map<string, ResolvedTemplate>();

/** Names depend on how many stacks of the name there were, and on nothing else that changes between worlds. */
function resolvedOnce(
  text: string,
  ...given: Parameters<typeof resolveTemplate>
): ResolvedTemplate {
  const [template, { stackId: _unlike, ...place }, parameters] = given;
  const key = JSON.stringify([place, parameters, text]);
  const found = known.get(key) ?? resolveTemplate(template, place, parameters);
  known.set(key, found);
  return found;
}

const keyOf = ({ account, region }: StackOrder, { type, physicalId }: MadeResource) =>
  [account, type.startsWith("AWS::IAM") ? "-" : region, type, physicalId].join(" ");

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html */
function demandUnprotected(
  { input }: StackOrder,
  { logicalId, type, isRetained }: MadeResource,
): void {
  if (isRetained || type !== "AWS::DynamoDB::GlobalTable") return;
  const properties = parseTemplate(input.template).Resources[logicalId]?.Properties;
  if (JSON.stringify(properties ?? {}).includes('"DeletionProtectionEnabled":true'))
    throw new ResourceFailure(
      logicalId,
      "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
    );
}

const madeStack = ({
  members,
  resolved,
}: {
  readonly members: readonly MadeResource[];
  readonly resolved: ResolvedTemplate;
}): MadeStack => ({
  resources: members,
  outputs: Object.entries(resolved.outputs).map(([key, output]) => ({ key, ...output })),
});
