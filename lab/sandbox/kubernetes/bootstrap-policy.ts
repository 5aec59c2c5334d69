/**
 * The RBAC objects that every cluster is born with, as far as people's requests meet them
 * (k8s.io/kubernetes `plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go`).
 *
 * `admin`, `edit` and `view` have the rules of the EKS access policies that are modelled on them.
 * Kubernetes' own hold some more: evictions, tokens, aggregated custom resources.
 */
import type { PolicyRules } from "./access-policies.ts";
import type { PolicyRule } from "./policy-rule.ts";
import { RBAC_GROUP } from "./rbac-objects.ts";
import type { KubernetesObject } from "./state.ts";

const API_VERSION = `${RBAC_GROUP}/v1`;
const LABELS = { "kubernetes.io/bootstrapping": "rbac-defaults" } as const;
const HEALTH = ["/healthz", "/livez", "/readyz", "/version", "/version/"] as const;
const EVERYTHING: readonly PolicyRule[] = [
  { apiGroups: ["*"], resources: ["*"], verbs: ["*"] },
  { nonResourceURLs: ["*"], verbs: ["*"] },
];

interface Bootstrap {
  readonly name: string;
  readonly rules: readonly PolicyRule[];
  /** Groups that a ClusterRoleBinding of the same name binds; none where there is no binding. */
  readonly groups: readonly string[];
}

const FIXED: readonly Bootstrap[] = [
  { name: "cluster-admin", rules: EVERYTHING, groups: ["system:masters"] },
  {
    name: "system:basic-user",
    rules: [
      {
        apiGroups: ["authorization.k8s.io"],
        resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
        verbs: ["create"],
      },
      {
        apiGroups: ["authentication.k8s.io"],
        resources: ["selfsubjectreviews"],
        verbs: ["create"],
      },
    ],
    groups: ["system:authenticated"],
  },
  {
    name: "system:discovery",
    rules: [
      {
        nonResourceURLs: [
          "/api",
          "/api/*",
          "/apis",
          "/apis/*",
          "/openapi",
          "/openapi/*",
          ...HEALTH,
        ],
        verbs: ["get"],
      },
    ],
    groups: ["system:authenticated"],
  },
  {
    name: "system:public-info-viewer",
    rules: [{ nonResourceURLs: HEALTH, verbs: ["get"] }],
    groups: ["system:authenticated", "system:unauthenticated"],
  },
];

/** ClusterRoles for people, and the access policy whose rules each has. */
const USER_FACING: Readonly<Record<string, string>> = {
  admin: "AmazonEKSAdminPolicy",
  edit: "AmazonEKSEditPolicy",
  view: "AmazonEKSViewPolicy",
};

/** A ClusterRole object. */
const clusterRole = (name: string, rules: readonly PolicyRule[]): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind: "ClusterRole",
  metadata: { name },
  rules,
});

/** A ClusterRoleBinding object of groups to a ClusterRole. */
const clusterRoleBinding = (
  name: string,
  role: string,
  groups: readonly string[],
): KubernetesObject => ({
  apiVersion: API_VERSION,
  kind: "ClusterRoleBinding",
  metadata: { name },
  subjects: groups.map((group) => ({ kind: "Group", apiGroup: RBAC_GROUP, name: group })),
  roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: role },
});

const labelled = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  metadata: { ...object.metadata, labels: LABELS },
});

/** The built-in ClusterRoles and ClusterRoleBindings. */
export function bootstrapPolicy(policyRules: PolicyRules): readonly KubernetesObject[] {
  const userFacing = Object.entries(USER_FACING).map(([name, policy]) => ({
    name,
    rules: policyRules(`arn:aws:eks::aws:cluster-access-policy/${policy}`),
    groups: [],
  }));
  return [...FIXED, ...userFacing].flatMap(({ name, rules, groups }) =>
    [
      clusterRole(name, rules),
      ...(groups.length === 0 ? [] : [clusterRoleBinding(name, name, groups)]),
    ].map(labelled),
  );
}
