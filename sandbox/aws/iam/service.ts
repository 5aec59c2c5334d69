import type { Operation, Service } from "../service.ts";
import type { Store } from "../store.ts";
import { createRole } from "./create-role.ts";
import { deleteRole } from "./delete-role.ts";
import { deleteRolePolicy } from "./delete-role-policy.ts";
import { getRole } from "./get-role.ts";
import { getRolePolicy } from "./get-role-policy.ts";
import { listAttachedRolePolicies } from "./list-attached-role-policies.ts";
import { listRolePolicies } from "./list-role-policies.ts";
import { listRoles } from "./list-roles.ts";
import { putRolePolicy } from "./put-role-policy.ts";
import type { IamState } from "./state.ts";

/** AWS Identity and Access Management: roles and their inline policies. */
export function iamService(iam: Store<IamState>): Service {
  const operations: Readonly<Record<string, Operation>> = {
    CreateRole: createRole(iam),
    DeleteRole: deleteRole(iam),
    DeleteRolePolicy: deleteRolePolicy(iam),
    GetRole: getRole(iam),
    GetRolePolicy: getRolePolicy(iam),
    ListAttachedRolePolicies: listAttachedRolePolicies(iam),
    ListRolePolicies: listRolePolicies(iam),
    ListRoles: listRoles(iam),
    PutRolePolicy: putRolePolicy(iam),
  };
  return {
    name: "iam",
    protocol: { kind: "query", xmlns: "https://iam.amazonaws.com/doc/2010-05-08/" },
    operations,
  };
}
