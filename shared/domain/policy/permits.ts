/** The permissions of an access in Kubernetes, as far as AWS publishes them. */
import { describeAccess } from "../requests/access-text.ts";
import type { Access } from "../requests/request.ts";
import documented from "./access-policy-rules.json" with { type: "json" };

/** One Kubernetes RBAC rule: any of the verbs on any of the resources. */
export interface KubernetesRule {
  /** `""` is the core group, `*` any group. Empty for a rule about URLs. */
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly verbs: readonly string[];
}

export interface Permits {
  /** A description for people: `AmazonEKSEditPolicy in payments-api`. */
  readonly summary: string;
  /** Null if nobody publishes the rules; `note` then says so. */
  readonly rules: readonly KubernetesRule[] | null;
  /** Where the rules are from, and their date. AWS may have changed them since. */
  readonly source: string | null;
  readonly asOf: string | null;
  readonly note: string | null;
}

/**
 * The documented rules of EKS's access policies, by name: a dated copy, because no API returns
 * them.
 * https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
export const DOCUMENTED_RULES: Readonly<Record<string, readonly KubernetesRule[]>> =
  documented.policies;

export function permitsOf(access: Access): Permits {
  const summary = describeAccess(access);
  const unknown = (note: string): Permits => ({
    summary,
    rules: null,
    source: null,
    asOf: null,
    note,
  });
  if ("groups" in access)
    return unknown("The cluster's own RBAC bindings decide what the groups may do.");
  const rules = rulesOf(access.policy);
  if (!rules) return unknown(`AWS does not publish the rules of ${access.policy}.`);
  const { source, asOf } = documented;
  if (access.scope.type === "cluster") return { summary, rules, source, asOf, note: null };
  return {
    summary,
    rules: rules.filter(({ resources }) => resources.length > 0),
    source,
    asOf,
    note: "Only in these namespaces: no resources without a namespace, and no lists over all namespaces.",
  };
}

const rulesOf = (policy: string): readonly KubernetesRule[] | undefined =>
  Object.hasOwn(DOCUMENTED_RULES, policy) ? DOCUMENTED_RULES[policy] : undefined;

/** Whether a policy allows creating things that stay. True for policies with unknown rules. */
export const leavesThingsBehind = (policy: string): boolean =>
  rulesOf(policy)?.some(({ verbs }) => verbs.some((verb) => MAKING.has(verb))) ?? true;

const MAKING: ReadonlySet<string> = new Set(["create", "*"]);
