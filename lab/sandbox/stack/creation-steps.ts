/** Goes through a template's resources in the order in which CloudFormation makes them, and judges each in its turn. */
import type { IamState } from "../aws/iam/state.ts";
import type { Template } from "../template/assembly.ts";
import { creationOrder } from "../template/creation-order.ts";
import type { ResolvedResource, ResolvedTemplate } from "../template/resolve.ts";
import { type PolicyDocuments, rolesOf } from "../template/roles.ts";
import { deployedRole } from "./deploy-roles.ts";
import { type ResourceSurroundings, refusalOf } from "./refused-resource.ts";

export interface CreationSteps {
  /** Logical ids in their order. */
  readonly order: readonly string[];
  /** Managed policies that other stacks made. */
  readonly elsewhere: PolicyDocuments;
  /** The surroundings before the first step. */
  readonly before: ResourceSurroundings;
  /** Logical ids of what is new, or changes. AWS is asked nothing about the others. */
  readonly judged: ReadonlySet<string>;
  /** Why a step fails beside what AWS refuses: a name that is taken, or a fault that somebody wants to see. */
  readonly hinders?: (resource: ResolvedResource) => string | undefined;
}

export interface RefusedStep {
  readonly logicalId: string;
  readonly reason: string;
  /** Logical ids of what was made before it. */
  readonly made: readonly string[];
}

/** @returns the first step that fails; undefined where all of them go well */
export async function firstRefused(
  template: ResolvedTemplate,
  { order, elsewhere, before, judged, hinders }: CreationSteps,
): Promise<RefusedStep | undefined> {
  const byId = new Map(template.resources.map((one) => [one.logicalId, one]));
  for (const [at, logicalId] of order.entries()) {
    const resource = byId.get(logicalId);
    if (!resource || !judged.has(logicalId)) continue;
    const made = order.slice(0, at);
    const reason =
      hinders?.(resource) ??
      (await refusalOf(resource, () => grown(partOf(template, made), before, elsewhere)));
    if (reason !== undefined) return { logicalId, reason, made };
  }
  return undefined;
}

/** The same template with only these resources. */
export function partOf(template: ResolvedTemplate, ids: readonly string[]): ResolvedTemplate {
  const resources = template.resources.filter(({ logicalId }) => ids.includes(logicalId));
  return {
    ...template,
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
  };
}

/** The surroundings once these resources are made as well. */
function grown(
  template: ResolvedTemplate,
  before: ResourceSurroundings,
  elsewhere: PolicyDocuments,
): ResourceSurroundings {
  const roles = rolesOf(template, elsewhere).map((one) =>
    deployedRole(one, before.roles[one.arn], new Date()),
  );
  const buses = template.ofType("AWS::Events::EventBus").map(({ attributes, properties }) => ({
    arn: attributes["Arn"] ?? "",
    ...(properties.raw("Policy") ? { policy: properties.object("Policy") } : {}),
  }));
  const others = before.buses.filter(({ arn }) => !buses.some((one) => one.arn === arn));
  const byArn: IamState["roles"] = Object.fromEntries(roles.map((one) => [one.arn, one]));
  return { ...before, roles: { ...before.roles, ...byArn }, buses: [...others, ...buses] };
}

/** The order of a template's resources that are present. @throws Error for a circle */
export const stepsOf = (
  template: Pick<Template, "Resources">,
  { resources }: ResolvedTemplate,
): readonly string[] =>
  creationOrder(
    template,
    resources.map(({ logicalId }) => logicalId),
  );
