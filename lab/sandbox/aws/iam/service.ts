import type { ReadLag } from "../past.ts";
import type { Operation, Service } from "../service.ts";
import type { Store } from "../store.ts";
import { attachRolePolicy } from "./attach-role-policy.ts";
import { createRole } from "./create-role.ts";
import { deleteRole } from "./delete-role.ts";
import { deleteRolePolicy } from "./delete-role-policy.ts";
import { detachRolePolicy } from "./detach-role-policy.ts";
import { getAccountSummary } from "./get-account-summary.ts";
import { getPolicy } from "./get-policy.ts";
import { getPolicyVersion } from "./get-policy-version.ts";
import { getRole } from "./get-role.ts";
import { getRolePolicy } from "./get-role-policy.ts";
import { listAttachedRolePolicies } from "./list-attached-role-policies.ts";
import { listPolicies } from "./list-policies.ts";
import { listRolePolicies } from "./list-role-policies.ts";
import { listRoles } from "./list-roles.ts";
import { listUsers } from "./list-users.ts";
import { putRolePolicy } from "./put-role-policy.ts";
import { iamReads } from "./reads.ts";
import type { IamState } from "./state.ts";

/**
 * AWS Identity and Access Management: roles with their inline policies, and the managed policies
 * they carry.
 * @param lag how far GetRole lags behind; not at all if absent
 */
export function iamService(store: Store<IamState>, lag: Partial<ReadLag> = {}): Service {
  const reads = iamReads(store, { lagSeconds: 0, now: Date.now, random: Math.random, ...lag });
  const { iam } = reads;
  const operations: Readonly<Record<string, Operation>> = {
    AttachRolePolicy: attachRolePolicy(iam),
    CreateRole: createRole(iam),
    DeleteRole: deleteRole(iam),
    DeleteRolePolicy: deleteRolePolicy(iam),
    DetachRolePolicy: detachRolePolicy(iam),
    GetAccountSummary: getAccountSummary(iam),
    GetPolicy: getPolicy(iam),
    GetPolicyVersion: getPolicyVersion(iam),
    GetRole: getRole(reads),
    GetRolePolicy: getRolePolicy(iam),
    ListAttachedRolePolicies: listAttachedRolePolicies(iam),
    ListPolicies: listPolicies(iam),
    ListRolePolicies: listRolePolicies(iam),
    ListRoles: listRoles(iam),
    ListUsers: listUsers(),
    PutRolePolicy: putRolePolicy(iam),
  };
  return {
    name: "iam",
    protocol: { kind: "query", xmlns: "https://iam.amazonaws.com/doc/2010-05-08/" },
    operations,
  };
}
