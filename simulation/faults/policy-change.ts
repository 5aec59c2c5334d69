/** Deployments that lend less than before, as facts of their own: the oracle finds them without the broker's rules. */
import type { AccessPolicy, Rule } from "../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";

export interface PolicyChange {
  readonly change: (policy: AccessPolicy) => AccessPolicy;
  /** Whether the new policy still lends what a request is for. */
  readonly lends: (request: AccessRequest) => boolean;
}

/** Another policy has another hash. */
const HASH = "d".repeat(64);

const RULE = "edit";
const POLICY = "AmazonEKSEditPolicy";
const NAMESPACE = "app-a";

const narrowed = (rule: Rule): Rule =>
  rule.name === RULE
    ? { ...rule, access: { policies: [POLICY], namespaces: [NAMESPACE], wildcards: false } }
    : rule;

/** The rule for namespaces lends one policy in one namespace only. */
export const RULE_NARROWED: PolicyChange = {
  change: (policy) => ({ ...policy, hash: HASH, rules: policy.rules.map(narrowed) }),
  lends: ({ rule, access }) =>
    rule !== RULE ||
    ("policy" in access &&
      access.policy === POLICY &&
      access.scope.type === "namespace" &&
      access.scope.namespaces.every((name) => name === NAMESPACE)),
};

/** A cluster is marked as retired. */
export const clusterRetired = (name: string): PolicyChange => ({
  change: (policy) => ({
    ...policy,
    hash: HASH,
    clusters: Object.fromEntries(
      Object.entries(policy.clusters).map(([each, cluster]) => [
        each,
        each === name ? { ...cluster, retired: true } : cluster,
      ]),
    ),
  }),
  lends: ({ cluster }) => cluster.name !== name,
});
