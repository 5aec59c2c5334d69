/**
 * Rules as RBAC writes them, and how a request is held against one.
 *
 * EKS access policies are published in the same shape, so this serves both authorizers.
 * Source: Kubernetes, "Using RBAC Authorization", and k8s.io/kubernetes `pkg/apis/rbac/v1/evaluation_helpers.go`.
 */

/** One rule: for resources, or (with `nonResourceURLs`) for other paths. It only ever allows. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  /** `""` is the core group. */
  readonly apiGroups?: readonly string[];
  // `pods`, `pods/log`, `*` (everything, subresources too), `*/scale` (that subresource of anything).
  readonly resources?: readonly string[];
  /** Empty or absent: any name, also requests without one. */
  readonly resourceNames?: readonly string[];
  /** Exact paths, or a prefix that ends in `*`. */
  readonly nonResourceURLs?: readonly string[];
}

/** The attributes of a request that an authorizer judges (authorizer.Attributes). */
export interface Attributes {
  readonly verb: string;
  readonly resourceRequest: boolean;
  /** Empty for the core group. */
  readonly apiGroup: string;
  readonly apiVersion: string;
  /** Empty: cluster-scoped, or across all namespaces. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  /** Empty when the request names none. */
  readonly name: string;
  /** The URL path; what non-resource rules are held against. */
  readonly path: string;
}

const has = (values: readonly string[] | undefined, value: string): boolean =>
  values?.includes(value) ?? false;
const hasOrAll = (values: readonly string[] | undefined, value: string): boolean =>
  has(values, "*") || has(values, value);

/** `pods` or `pods/log`: a resource together with its subresource. */
const combined = (resource: string, subresource: string): string =>
  subresource === "" ? resource : `${resource}/${subresource}`;

/** Do these resources cover one resource or subresource? */
export function coversResource(
  resources: readonly string[] | undefined,
  resource: string,
  subresource: string,
): boolean {
  return (
    hasOrAll(resources, combined(resource, subresource)) ||
    (subresource !== "" && has(resources, `*/${subresource}`))
  );
}

/** Do these non-resource URLs cover one path? */
export function coversPath(urls: readonly string[] | undefined, path: string): boolean {
  return (urls ?? []).some(
    (url) => url === path || (url.endsWith("*") && path.startsWith(url.slice(0, -1))),
  );
}

/** Does the rule allow the request? Namespaces are the binding's matter, not the rule's. */
export function ruleAllows(rule: PolicyRule, request: Attributes): boolean {
  if (!hasOrAll(rule.verbs, request.verb)) return false;
  if (!request.resourceRequest) return coversPath(rule.nonResourceURLs, request.path);
  return (
    hasOrAll(rule.apiGroups, request.apiGroup) &&
    coversResource(rule.resources, request.resource, request.subresource) &&
    ((rule.resourceNames ?? []).length === 0 || has(rule.resourceNames, request.name))
  );
}
