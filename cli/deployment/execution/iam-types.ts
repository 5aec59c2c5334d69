/** CloudFormation's calls for roles and policies. */
import { arnIn, type NamedResource, nameOf, referred } from "./named-resource.ts";
import type { Right } from "./right.ts";

const ROLE = [
  ...["AttachRolePolicy", "CreateRole", "DeleteRole", "DeleteRolePermissionsBoundary"],
  ...["DeleteRolePolicy", "DetachRolePolicy", "GetRole", "GetRolePolicy"],
  ...["ListAttachedRolePolicies", "ListRolePolicies", "PutRolePermissionsBoundary"],
  ...["PutRolePolicy", "TagRole", "UntagRole", "UpdateAssumeRolePolicy", "UpdateRole"],
  "UpdateRoleDescription",
].map((verb) => `iam:${verb}`);

const POLICY = [
  ...["CreatePolicy", "CreatePolicyVersion", "DeletePolicy", "DeletePolicyVersion", "GetPolicy"],
  ...[
    "GetPolicyVersion",
    "ListEntitiesForPolicy",
    "ListPolicyVersions",
    "TagPolicy",
    "UntagPolicy",
  ],
].map((verb) => `iam:${verb}`);

const pathOf = ({ Properties = {} }: NamedResource): string => String(Properties["Path"] ?? "/");

/** A path of our own has hundreds of roles, and nothing else. */
const roleArn = (resource: NamedResource): string => {
  const path = pathOf(resource);
  const name = path === "/" ? nameOf(resource, "RoleName") : "*";
  return arnIn(resource, "iam", `role${path}${name}`, { region: "" });
};

/** The role that a policy or a function names: of the stack, or by its ARN. */
function roleIn(resource: NamedResource, value: unknown): string {
  const own = referred(resource, value);
  return own ? roleArn(own) : resource.values.text(value);
}

/** That CloudFormation hands a role to a service. @param role as the template names it */
export const passed = (
  resource: NamedResource,
  role: unknown,
  service: string,
): readonly Right[] => [
  {
    actions: ["iam:PassRole"],
    resources: [roleIn(resource, role)],
    condition: { StringEquals: { "iam:PassedToService": service } },
  },
];

/** On the roles that a policy names. */
const onRoles = (resource: NamedResource): readonly Right[] => {
  const roles = [resource.Properties?.["Roles"] ?? []].flat();
  return roles.length === 0
    ? []
    : [{ actions: ROLE, resources: roles.map((role) => roleIn(resource, role)) }];
};

export const IAM_TYPES: Readonly<Record<string, (resource: NamedResource) => readonly Right[]>> = {
  "AWS::IAM::ManagedPolicy": (resource) => [
    {
      actions: POLICY,
      resources: [
        arnIn(
          resource,
          "iam",
          `policy${pathOf(resource)}${nameOf(resource, "ManagedPolicyName")}`,
          {
            region: "",
          },
        ),
      ],
    },
    ...onRoles(resource),
  ],
  "AWS::IAM::Policy": onRoles,
  "AWS::IAM::Role": (resource) => [{ actions: ROLE, resources: [roleArn(resource)] }],
};
