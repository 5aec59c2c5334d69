/**
 * The authorizer chain of an EKS cluster: RBAC is asked first. If it has no opinion, the access
 * policies are asked. If neither allows, the request is denied. Neither can deny.
 */
import {
  type Association,
  authorizeByAccessPolicies,
  type PolicyRules,
} from "./access-policies.ts";
import type { Decision } from "./decision.ts";
import type { Attributes } from "./policy-rule.ts";
import { authorizeByRbac } from "./rbac.ts";
import type { KubernetesState } from "./state.ts";
import type { UserInfo } from "./user-info.ts";

/** The objects and access that decisions are made from. */
export interface Authority {
  readonly objects: KubernetesState;
  /** Those of the cluster's entries; none while its authentication mode is CONFIG_MAP. */
  readonly associations: readonly Association[];
  readonly policyRules: PolicyRules;
}

/** May the user do it, and who says so? */
export function authorize(authority: Authority, user: UserInfo, request: Attributes): Decision {
  const rbac = authorizeByRbac(authority.objects, user, request);
  if (rbac.allowed) return rbac;
  const { associations, policyRules } = authority;
  const policies = authorizeByAccessPolicies(associations, policyRules, user, request);
  return policies.allowed ? policies : rbac;
}

/** The API server's answer to a denied request, before the resource's name is put in front. */
export function denialText(user: UserInfo, request: Attributes): string {
  const who = `User "${user.username}" cannot ${request.verb}`;
  if (!request.resourceRequest) return `${who} path "${request.path}"`;
  const what =
    request.subresource === "" ? request.resource : `${request.resource}/${request.subresource}`;
  const where =
    request.namespace === "" ? "at the cluster scope" : `in the namespace "${request.namespace}"`;
  return `${who} resource "${what}" in API group "${request.apiGroup}" ${where}`;
}
