import catalogue from "./access-policies.json" with { type: "json" };

/** One Kubernetes rule, as in an RBAC role. The core API group is the empty string. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  /** Paths outside the resource API, `*` at the end for what lies below. Cluster scope only. */
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** An EKS access policy: AWS's, the same in every account, and not editable. */
export interface AccessPolicy {
  /** `AmazonEKSEditPolicy` */
  readonly name: string;
  /** `arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy`: no region, no account. */
  readonly arn: string;
  /**
   * The source of the rules. `published`: by AWS as a table (EKS user guide, "Review access policy
   * permissions"). `reported`: by others. `described` by AWS in words only, and `unknown`: no rules
   * here, so nothing is permitted.
   */
  readonly rulesStatus: "published" | "reported" | "described" | "unknown";
  readonly rules: readonly PolicyRule[];
  /** AssociateAccessPolicy refuses it for any principal of a customer's. */
  readonly serviceLinkedRolesOnly: boolean;
  /**
   * The principals that it is for: people, a service's or controller's role, or nodes; `none`:
   * nobody can associate it.
   */
  readonly grantable: "people" | "people-advanced" | "integration" | "nodes" | "none";
}

/** The partition is `aws`: the sandbox is one commercial region. */
const ARN_PREFIX = "arn:aws:eks::aws:cluster-access-policy/";

const byArn: ReadonlyMap<string, AccessPolicy> = new Map(
  (catalogue as readonly Omit<AccessPolicy, "arn">[])
    .map((policy) => ({ ...policy, arn: ARN_PREFIX + policy.name }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((policy) => [policy.arn, policy]),
);

/** Undefined for a name that AWS does not know, and for another partition's ARN. */
export function accessPolicyByArn(arn: string): AccessPolicy | undefined {
  return byArn.get(arn);
}

/** All of them, by name. AWS adds to the catalogue over time; this is its state of 2026. */
export function listAccessPolicies(): readonly AccessPolicy[] {
  return [...byArn.values()];
}
