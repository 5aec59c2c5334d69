/** Reads the template's IAM roles with their policies. */
import { isObject, type JsonObject, membersOf } from "./json.ts";
import { MANAGED_POLICIES } from "./managed-policies.ts";
import { attribute, refuse } from "./refuse-resource.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type { RoleResource } from "./stack.ts";

/** A policy that a role names by its ARN: one of the template's own, or one of AWS's. */
function managedPolicy(
  resource: ResolvedResource,
  policyArn: string,
  managed: readonly ResolvedResource[],
): [string, JsonObject] {
  const own = managed.find((policy) => policy.ref === policyArn);
  const document = own?.properties.object("PolicyDocument") ?? MANAGED_POLICIES[policyArn];
  return document ? [policyArn, document] : refuse(resource, `the managed policy ${policyArn}`);
}

function role(
  resource: ResolvedResource,
  template: ResolvedTemplate,
  elsewhere: readonly ResolvedResource[],
): RoleResource {
  const { properties, ref: name } = resource;
  const description = properties.optionalText("Description");
  const inline = properties.list("Policies").map((policy): [string, JsonObject] => {
    const members = membersOf(`${resource.logicalId}: Policies`, isObject(policy) ? policy : {});
    return [members.text("PolicyName"), members.object("PolicyDocument")];
  });
  const managed = template.ofType("AWS::IAM::ManagedPolicy");
  const attached = [...template.ofType("AWS::IAM::Policy"), ...managed]
    .filter((policy) => policy.properties.texts("Roles").includes(name))
    .map((policy): [string, JsonObject] => [
      policy.ref,
      policy.properties.object("PolicyDocument"),
    ]);
  return {
    name,
    arn: attribute(resource, "Arn"),
    path: properties.optionalText("Path") ?? "/",
    ...(description === undefined ? {} : { description }),
    maxSessionSeconds: properties.number("MaxSessionDuration", 3600),
    trustPolicy: properties.object("AssumeRolePolicyDocument"),
    policies: Object.fromEntries([
      ...properties
        .texts("ManagedPolicyArns")
        .map((one) => managedPolicy(resource, one, [...managed, ...elsewhere])),
      ...inline,
      ...attached,
    ]),
  };
}

/**
 * The template's roles, each with every policy that is attached to it.
 *
 * @param elsewhere managed policies of stacks that were deployed before
 */
export const rolesOf = (
  template: ResolvedTemplate,
  elsewhere: readonly ResolvedResource[] = [],
): readonly RoleResource[] =>
  template.ofType("AWS::IAM::Role").map((one) => role(one, template, elsewhere));
