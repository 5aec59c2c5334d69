/** Reads the template's IAM roles with their policies. */

import { isObject, type JsonObject, membersOf } from "./json.ts";
import { attribute, refuse } from "./refuse-resource.ts";
import type { ResolvedResource, ResolvedTemplate } from "./resolve.ts";
import type { RoleResource } from "./stack.ts";

/** Managed policies by their ARNs. */
export type PolicyDocuments = Readonly<Record<string, JsonObject>>;

/** A policy that a role names by its ARN: of the template or another stack, or one of AWS's. */
function managedPolicy(
  resource: ResolvedResource,
  policyArn: string,
  managed: PolicyDocuments,
): [string, JsonObject] {
  const document = managed[policyArn] ?? MANAGED_POLICIES[policyArn];
  return document ? [policyArn, document] : refuse(resource, `the managed policy ${policyArn}`);
}

function boundaryOf(resource: ResolvedResource, policyArn: string, known: PolicyDocuments) {
  const [arn, document] = managedPolicy(resource, policyArn, known);
  return { arn, document };
}

function role(
  resource: ResolvedResource,
  template: ResolvedTemplate,
  elsewhere: PolicyDocuments,
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
  const known = { ...elsewhere, ...managedPoliciesOf(template) };
  const boundary = properties.optionalText("PermissionsBoundary");
  return {
    name,
    ...(boundary === undefined ? {} : { boundary: boundaryOf(resource, boundary, known) }),
    arn: attribute(resource, "Arn"),
    path: properties.optionalText("Path") ?? "/",
    ...(description === undefined ? {} : { description }),
    maxSessionSeconds: properties.number("MaxSessionDuration", 3600),
    trustPolicy: properties.object("AssumeRolePolicyDocument"),
    policies: Object.fromEntries([
      ...properties.texts("ManagedPolicyArns").map((one) => managedPolicy(resource, one, known)),
      ...inline,
      ...attached,
    ]),
  };
}

/**
 * The template's roles, each with every policy that is attached to it.
 *
 * @param elsewhere managed policies that other stacks made
 */
export const rolesOf = (
  template: ResolvedTemplate,
  elsewhere: PolicyDocuments = {},
): readonly RoleResource[] =>
  template.ofType("AWS::IAM::Role").map((one) => role(one, template, elsewhere));

/** The template's own managed policies. */
export const managedPoliciesOf = (template: ResolvedTemplate): PolicyDocuments =>
  Object.fromEntries(
    template
      .ofType("AWS::IAM::ManagedPolicy")
      .map(({ ref, properties }) => [ref, properties.object("PolicyDocument")]),
  );

const allow = (Action: string | readonly string[]): JsonObject => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action, Resource: "*" }],
});

const LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

/** AWS managed policies that roles of the template may carry, by ARN (AWS Managed Policy Reference). */
const MANAGED_POLICIES: Readonly<Record<string, JsonObject>> = {
  "arn:aws:iam::aws:policy/AWSCloudFormationReadOnlyAccess": allow(
    ["Describe*", "EstimateTemplateCost", "Get*", "List*", "ValidateTemplate", "Detect*"].map(
      (name) => `cloudformation:${name}`,
    ),
  ),
  "arn:aws:iam::aws:policy/AdministratorAccess": allow("*"),
  // Only those of its hundreds of services that the sandbox has and that CDK looks things up in.
  "arn:aws:iam::aws:policy/ReadOnlyAccess": allow(
    ["cloudformation", "cloudtrail", "eks", "iam", "s3", "ssm"].flatMap((service) =>
      ["Describe", "Get", "List", "Lookup"].map((verb) => `${service}:${verb}*`),
    ),
  ),
  "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": allow(LOGS),
};
