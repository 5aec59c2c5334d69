/** Brings the stack's IAM roles into the account, as a deployment of the stack would. */
import type { IamRole, IamState } from "../aws/iam/state.ts";
import type { Store } from "../aws/store.ts";
import { uniqueId } from "../aws/unique-id.ts";
import type { RoleResource } from "../template/stack.ts";

/** Marks the roles that belong to the stack, so that those it no longer has can be taken away. */
export interface DeployedState {
  roleArns: readonly string[];
}

/**
 * Creates new roles, and updates existing ones, which keep their unique id. Deletes roles that an
 * earlier template had and this one does not.
 */
export function deployRoles(
  iam: Store<IamState>,
  deployed: Store<DeployedState>,
  roles: readonly RoleResource[],
  now: Date,
): void {
  const wanted = new Set(roles.map(({ arn }) => arn));
  iam.change((state) => {
    for (const arn of deployed.state.roleArns) if (!wanted.has(arn)) delete state.roles[arn];
    for (const role of roles)
      state.roles[role.arn] = deployedRole(role, state.roles[role.arn], now);
  });
  deployed.change((state) => {
    state.roleArns = [...wanted];
  });
}

function deployedRole(role: RoleResource, before: IamRole | undefined, now: Date): IamRole {
  return {
    kind: "role",
    arn: role.arn,
    roleName: role.name,
    path: role.path,
    roleId: before?.roleId ?? uniqueId("AROA"),
    createDate: before?.createDate ?? now.toISOString(),
    assumeRolePolicyDocument: role.trustPolicy,
    policies: role.policies,
    maxSessionDuration: role.maxSessionSeconds,
    ...(role.description === undefined ? {} : { description: role.description }),
  };
}
