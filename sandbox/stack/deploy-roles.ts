/** Brings the stack's IAM roles into the account, as a deployment of the stack would. */
import type { IamRole, IamState } from "../aws/iam/state.ts";
import type { Store } from "../aws/store.ts";
import { uniqueId } from "../aws/unique-id.ts";
import type { RoleResource } from "../template/stack.ts";

/** Marks the roles that belong to the stack, so that those it no longer has can be taken away. */
export interface DeployedState {
  roleArns: readonly string[];
}

/** Since when the roles of the first deployment are there, in milliseconds before it. */
const ALREADY_THERE_MS = 60_000;

/**
 * Creates new roles, and updates existing ones, which keep their unique id. Deletes roles that an
 * earlier template had and this one does not.
 *
 * Whoever asks within seconds of a start asks of a stack that stands. Converge rightly takes a role that
 * may be younger than its request for another one. So the first deployment's roles are a minute old.
 */
export function deployRoles(
  iam: Store<IamState>,
  deployed: Store<DeployedState>,
  roles: readonly RoleResource[],
  now: Date,
): void {
  const wanted = new Set(roles.map(({ arn }) => arn));
  const isFirst = deployed.state.roleArns.length === 0;
  const made = isFirst ? new Date(now.getTime() - ALREADY_THERE_MS) : now;
  iam.change((state) => {
    for (const arn of deployed.state.roleArns) if (!wanted.has(arn)) delete state.roles[arn];
    for (const role of roles)
      state.roles[role.arn] = deployedRole(role, state.roles[role.arn], made);
  });
  deployed.change((state) => {
    state.roleArns = [...wanted];
  });
}

function deployedRole(role: RoleResource, before: IamRole | undefined, made: Date): IamRole {
  return {
    kind: "role",
    arn: role.arn,
    roleName: role.name,
    path: role.path,
    roleId: before?.roleId ?? uniqueId("AROA"),
    createDate: before?.createDate ?? made.toISOString(),
    assumeRolePolicyDocument: role.trustPolicy,
    policies: role.policies,
    maxSessionDuration: role.maxSessionSeconds,
    ...(role.description === undefined ? {} : { description: role.description }),
  };
}
