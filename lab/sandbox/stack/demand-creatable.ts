/** CloudFormation's refusals on its way through a template. */
import { isDeepStrictEqual } from "node:util";
import {
  type MadeResource,
  ResourceFailure,
  type StackOrder,
} from "../aws/cloudformation/engine.ts";
import { parseTemplate } from "../aws/cloudformation/template-text.ts";
import type { SandboxState } from "../process/state.ts";
import type { Template } from "../template/assembly.ts";
import type { ResolvedTemplate } from "../template/resolve.ts";
import { firstRefused, stepsOf } from "./creation-steps.ts";
import { takenName, takenRole } from "./taken-names.ts";

/** The state that the steps read. */
type CreationState = {
  readonly [Name in "iam" | "eventBridge" | "deployed" | "cloudFormation"]: Pick<
    SandboxState[Name],
    "state"
  >;
};

/**
 * @param members every resource of the template
 * @param fault why a resource fails although AWS would make it
 * @throws ResourceFailure for the first that AWS would refuse in its turn, with those that it would have made before
 */
export async function demandCreatable(
  { iam, eventBridge, deployed, cloudFormation }: CreationState,
  { template, resolved }: { readonly template: Template; readonly resolved: ResolvedTemplate },
  order: StackOrder,
  members: readonly MadeResource[],
  fault: (logicalId: string) => string | undefined = () => undefined,
): Promise<void> {
  const { account, actor } = order;
  const isNew = ({ logicalId, physicalId }: MadeResource) =>
    !order.before.some((one) => one.logicalId === logicalId && one.physicalId === physicalId);
  const added = new Set(members.filter(isNew).map(({ logicalId }) => logicalId));
  const changed = changedIn(order, template);
  const { buses } = eventBridge.state;
  const refused = await firstRefused(resolved, {
    order: stepsOf(template, resolved),
    elsewhere: deployed.state.policies ?? {},
    before: {
      account,
      roles: iam.state.roles,
      buses: Object.values(buses),
      ...(actor === undefined ? {} : { actor }),
    },
    judged: new Set([...added, ...changed]),
    // The sandbox's own start takes over what a former version made.
    hinders: (resource) =>
      fault(resource.logicalId) ??
      (actor && added.has(resource.logicalId)
        ? (takenRole(iam.state, order, resource) ??
          takenName(cloudFormation.state.stacks, order, resource))
        : undefined),
  });
  if (refused === undefined) return;
  const { logicalId, reason, made } = refused;
  const before = made.flatMap(
    (id) => members.find((one) => one.logicalId === id && isNew(one)) ?? [],
  );
  throw new ResourceFailure(logicalId, reason, before);
}

/** Logical ids of what the template has otherwise than the one before. */
function changedIn({ previous }: StackOrder, { Resources: wanted }: Template): readonly string[] {
  if (previous === undefined) return [];
  const { Resources: old } = parseTemplate(previous.template);
  return Object.keys(wanted).filter((id) => !isDeepStrictEqual(old[id], wanted[id]));
}
