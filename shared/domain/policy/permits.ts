/** What an access lets somebody do in Kubernetes, as far as anybody publishes it. */
import { describeAccess } from "../entries/access.ts";
import type { Access } from "../requests/request.ts";
import documented from "./access-policy-rules.json" with { type: "json" };

/** One Kubernetes RBAC rule: any of the verbs on any of the resources. */
export interface KubernetesRule {
  /** `""` is the core group, `*` any. Empty where the rule is about URLs. */
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly nonResourceURLs: readonly string[];
  readonly verbs: readonly string[];
}

export interface Permits {
  /** `AmazonEKSEditPolicy in payments-api`, for people. */
  readonly summary: string;
  /** Null where nobody publishes them; `note` says so. */
  readonly rules: readonly KubernetesRule[] | null;
  /** Where the rules were taken from, and on which day: AWS may have changed them since. */
  readonly source: string | null;
  readonly asOf: string | null;
  readonly note: string | null;
}

/**
 * The documented rules of EKS's access policies, by name: a copy with its day, since no API tells
 * them. https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
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
    return unknown("What the groups may do is decided by the cluster's own RBAC bindings.");
  const rules = rulesOf(access.policy);
  if (!rules) return unknown(`AWS does not publish the rules of ${access.policy}.`);
  const { source, asOf } = documented;
  if (access.scope.type === "cluster") return { summary, rules, source, asOf, note: null };
  return {
    summary,
    rules: rules.filter(({ resources }) => resources.length > 0),
    source,
    asOf,
    note: "In these namespaces alone: nothing that has no namespace, and no list over all of them.",
  };
}

export const rulesOf = (policy: string): readonly KubernetesRule[] | undefined =>
  Object.hasOwn(DOCUMENTED_RULES, policy) ? DOCUMENTED_RULES[policy] : undefined;

/** Whether a policy lets somebody make things that stay; one of unknown rules may. */
export const leavesThingsBehind = (policy: string): boolean =>
  rulesOf(policy)?.some(({ verbs }) => verbs.some((verb) => MAKING.has(verb))) ?? true;

const MAKING: ReadonlySet<string> = new Set(["create", "*"]);
