/** Brings a stack's IAM roles into its account, as a deployment of the stack would. */
import { isDeepStrictEqual } from "node:util";
import { removeRole } from "../aws/iam/remove-role.ts";
import type { IamRole, IamState } from "../aws/iam/state.ts";
import type { Store } from "../aws/store.ts";
import { uniqueId } from "../aws/unique-id.ts";
import type { RoleResource, Stack } from "../template/stack.ts";

/** The part of IAM that belongs to stacks. */
export interface DeployedState {
  roleArns: readonly string[];
  /** The documents of stacks' managed policies, by ARN. Absent in states of former versions. */
  policies?: Stack["managedPolicies"];
}

/** The part of a stack that IAM has. */
export type StackRoles = Pick<Stack, "roles" | "managedPolicies">;

/**
 * Creates new roles, and updates existing ones, which keep their unique id. Deletes roles that the stack
 * had and has no more. Roles of other stacks get what changed in a managed policy that they carry.
 *
 * @param before ARNs of the roles and managed policies that the stack had
 * @param made since when new roles are there
 */
export function deployRoles(
  iam: Store<IamState>,
  deployed: Store<DeployedState>,
  { roles, managedPolicies }: StackRoles,
  made: Date,
  before: readonly string[] = [],
): void {
  const wanted = new Set(roles.map(({ arn }) => arn));
  iam.change((state) => {
    for (const arn of before) if (!wanted.has(arn)) removeRole(state, arn);
    for (const role of roles)
      state.roles[role.arn] = deployedRole(role, state.roles[role.arn], made);
    for (const role of Object.values(state.roles))
      if (Object.keys(role.policies).some((arn) => managedPolicies[arn]))
        state.roles[role.arn] = { ...role, policies: renewed(role.policies, managedPolicies) };
  });
  deployed.change((state) => {
    const others = state.roleArns.filter((arn) => !before.includes(arn) && !wanted.has(arn));
    state.roleArns = [...others, ...wanted];
    const kept = Object.entries(state.policies ?? {}).filter(([arn]) => !before.includes(arn));
    state.policies = { ...Object.fromEntries(kept), ...managedPolicies };
  });
}

const renewed = (
  policies: IamRole["policies"],
  managed: Stack["managedPolicies"],
): IamRole["policies"] =>
  Object.fromEntries(
    Object.entries(policies).map(([name, document]) => [name, managed[name] ?? document]),
  );

/** A template's role as IAM has it. @param before the same role as it was, which keeps its unique id */
export function deployedRole(role: RoleResource, before: IamRole | undefined, made: Date): IamRole {
  return {
    kind: "role",
    arn: role.arn,
    roleName: role.name,
    path: role.path,
    roleId: before?.roleId ?? uniqueId("AROA"),
    createDate: before?.createDate ?? made.toISOString(),
    // CloudFormation keeps everything that its template does not change.
    assumeRolePolicyDocument:
      before && isDeepStrictEqual(before.declaredTrust, role.trustPolicy)
        ? before.assumeRolePolicyDocument
        : role.trustPolicy,
    declaredTrust: role.trustPolicy,
    policies: role.policies,
    ...(role.boundary === undefined ? {} : { boundary: role.boundary }),
    maxSessionDuration: role.maxSessionSeconds,
    ...(role.description === undefined ? {} : { description: role.description }),
  };
}
