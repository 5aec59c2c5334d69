/** The resources that the sandbox's API server serves. Everything else is 404, as an absent CRD is. */
import { RBAC_GROUP } from "./rbac-objects.ts";

export interface ResourceType {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: "v1";
  /** The plural: `pods`. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Members that an object must have, or is refused with 422. */
  readonly required: readonly (readonly string[])[];
}

/** Verbs of stored objects. `deletecollection` is refused by name. */
const OBJECT_VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"] as const;
const READ_ONLY = ["get", "list", "watch"] as const;
const ALL = ["all"] as const;

type Options = Partial<
  Pick<ResourceType, "verbs" | "shortNames" | "categories" | "required" | "namespaced">
>;

const resourceType = (
  group: string,
  resource: string,
  kind: string,
  options: Options = {},
): ResourceType => ({
  group,
  version: "v1",
  resource,
  singular: kind.toLowerCase(),
  kind,
  namespaced: true,
  verbs: OBJECT_VERBS,
  required: [],
  ...options,
});

const CLUSTER = { namespaced: false } as const;
const BINDING = { required: [["roleRef"]] } as const;

export const RESOURCE_TYPES: readonly ResourceType[] = [
  resourceType("", "namespaces", "Namespace", { ...CLUSTER, shortNames: ["ns"] }),
  resourceType("", "nodes", "Node", { ...CLUSTER, shortNames: ["no"], verbs: READ_ONLY }),
  resourceType("", "pods", "Pod", {
    shortNames: ["po"],
    categories: ALL,
    required: [["spec", "containers"]],
  }),
  resourceType("", "configmaps", "ConfigMap", { shortNames: ["cm"] }),
  resourceType("", "secrets", "Secret"),
  resourceType("", "services", "Service", {
    shortNames: ["svc"],
    categories: ALL,
    required: [["spec", "ports"]],
  }),
  resourceType("", "serviceaccounts", "ServiceAccount", { shortNames: ["sa"] }),
  resourceType("", "events", "Event", { shortNames: ["ev"], verbs: READ_ONLY }),
  resourceType("apps", "deployments", "Deployment", {
    shortNames: ["deploy"],
    categories: ALL,
    required: [
      ["spec", "selector"],
      ["spec", "template", "spec", "containers"],
    ],
  }),
  resourceType("apps", "replicasets", "ReplicaSet", {
    shortNames: ["rs"],
    categories: ALL,
    verbs: READ_ONLY,
  }),
  resourceType(RBAC_GROUP, "roles", "Role"),
  resourceType(RBAC_GROUP, "rolebindings", "RoleBinding", BINDING),
  resourceType(RBAC_GROUP, "clusterroles", "ClusterRole", CLUSTER),
  resourceType(RBAC_GROUP, "clusterrolebindings", "ClusterRoleBinding", { ...CLUSTER, ...BINDING }),
];

/** Reviews are answered, never stored. */
export const REVIEW_TYPES: readonly ResourceType[] = [
  ["authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"],
  ["authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"],
  ["authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"],
  ["authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"],
].map(([group = "", resource = "", kind = ""]) =>
  resourceType(group, resource, kind, { ...CLUSTER, verbs: ["create"] }),
);

const SERVED = new Map(
  [...RESOURCE_TYPES, ...REVIEW_TYPES].map((type) => [
    `${type.group}/${type.version}/${type.resource}`,
    type,
  ]),
);

/** The type of a group, version and plural, or undefined if the server does not have it. */
export const resourceTypeOf = (
  group: string,
  version: string,
  resource: string,
): ResourceType | undefined => SERVED.get(`${group}/${version}/${resource}`);

/** `v1`, `apps/v1`: what objects carry. */
export const apiVersionOf = ({
  group,
  version,
}: Pick<ResourceType, "group" | "version">): string =>
  group === "" ? version : `${group}/${version}`;
