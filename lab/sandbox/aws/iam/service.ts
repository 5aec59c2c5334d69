import type { ReadLag } from "../past.ts";
import type { Operation, Service } from "../service.ts";
import type { Store } from "../store.ts";
import { getAccountSummary, listUsers } from "./account.ts";
import {
  attachRolePolicy,
  detachRolePolicy,
  listAttachedRolePolicies,
} from "./attached-role-policies.ts";
import { createRole } from "./create-role.ts";
import {
  deleteRolePolicy,
  getRolePolicy,
  listRolePolicies,
  putRolePolicy,
} from "./inline-role-policies.ts";
import { getPolicy, getPolicyVersion, listPolicies } from "./managed-policies.ts";
import {
  createOpenIdConnectProvider,
  deleteOpenIdConnectProvider,
  getOpenIdConnectProvider,
  listOpenIdConnectProviders,
} from "./oidc-providers.ts";
import { iamReads } from "./reads.ts";
import { deleteRole, getRole, listRoles } from "./roles.ts";
import type { IamState } from "./state.ts";

/**
 * AWS Identity and Access Management: roles with their inline policies, the managed policies
 * they carry, and OpenID Connect providers.
 * @param lag how far GetRole lags behind; not at all if absent
 */
export function iamService(store: Store<IamState>, lag: Partial<ReadLag> = {}): Service {
  const reads = iamReads(store, { lagSeconds: 0, now: Date.now, random: Math.random, ...lag });
  const { iam } = reads;
  const operations: Readonly<Record<string, Operation>> = {
    AttachRolePolicy: attachRolePolicy(iam),
    CreateOpenIDConnectProvider: createOpenIdConnectProvider(iam),
    CreateRole: createRole(iam),
    DeleteOpenIDConnectProvider: deleteOpenIdConnectProvider(iam),
    DeleteRole: deleteRole(iam),
    DeleteRolePolicy: deleteRolePolicy(iam),
    DetachRolePolicy: detachRolePolicy(iam),
    GetAccountSummary: getAccountSummary(iam),
    GetOpenIDConnectProvider: getOpenIdConnectProvider(iam),
    GetPolicy: getPolicy(iam),
    GetPolicyVersion: getPolicyVersion(iam),
    GetRole: getRole(reads),
    GetRolePolicy: getRolePolicy(iam),
    ListAttachedRolePolicies: listAttachedRolePolicies(iam),
    ListOpenIDConnectProviders: listOpenIdConnectProviders(iam),
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
