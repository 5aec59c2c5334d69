/**
 * The EKS authorizer: access policies, as they are associated with access entries.
 *
 * It evaluates them as RBAC would, had EKS bound each to the user that the entry's IAM unique id
 * names. A cluster scope acts as a ClusterRoleBinding, and a namespace scope as a RoleBinding in
 * each covered namespace. So the username plays no part, and an impersonated user does not have
 * them. Source: EKS User Guide, "Associate access policies with access entries". The cluster form
 * of the reason is EKS's own. The namespace form uses RBAC's words for a RoleBinding.
 */
import type { AccessScope } from "../aws/eks/state.ts";
import type { Decision } from "./decision.ts";
import { type Attributes, type PolicyRule, ruleAllows } from "./policy-rule.ts";
import { describeBinding } from "./rbac.ts";
import { RBAC_GROUP } from "./rbac-objects.ts";
import { PRINCIPAL_ID, type UserInfo } from "./user-info.ts";

/** One policy on one entry. */
export interface Association {
  readonly principalArn: string;
  /** The unique id that the entry is bound to: `AROA…`. */
  readonly principalId: string;
  readonly policyArn: string;
  readonly accessScope: AccessScope;
}

/** The rules of an access policy, by its ARN; none where the catalogue does not know them. */
export type PolicyRules = (policyArn: string) => readonly PolicyRule[];

/** Does a namespace stand under a pattern? `*` is any run of characters, the rest literal. */
function namespaceMatches(pattern: string, namespace: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(namespace);
}

/**
 * Does the scope reach the request? Namespace scope reaches only requests in a covered namespace:
 * never lists across all namespaces, cluster-scoped resources or other URLs. `namespaces/{name}`
 * is a request in that namespace.
 */
function scopeReaches(scope: AccessScope, request: Attributes): boolean {
  if (scope.type === "cluster") return true;
  return (
    request.resourceRequest &&
    request.namespace !== "" &&
    scope.namespaces.some((pattern) => namespaceMatches(pattern, request.namespace))
  );
}

/** The EKS authorizer's opinion: the union of the user's associations. */
export function authorizeByAccessPolicies(
  associations: readonly Association[],
  policyRules: PolicyRules,
  user: UserInfo,
  request: Attributes,
): Decision {
  const allowing = associations.find(
    ({ principalId, policyArn, accessScope }) =>
      (user.extra[PRINCIPAL_ID] ?? []).includes(principalId) &&
      scopeReaches(accessScope, request) &&
      policyRules(policyArn).some((rule) => ruleAllows(rule, request)),
  );
  if (allowing === undefined) return { allowed: false, reason: "" };
  const { principalArn, principalId, policyArn, accessScope } = allowing;
  const by = describeBinding(
    {
      name: `${principalArn}+${policyArn}`,
      namespace: accessScope.type === "cluster" ? "" : request.namespace,
      roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: policyArn },
    },
    { kind: "User", name: principalId },
  );
  return { allowed: true, reason: `EKS Access Policy: allowed by ${by}` };
}
