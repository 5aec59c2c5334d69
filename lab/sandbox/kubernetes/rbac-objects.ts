/** Roles and bindings among a cluster's objects: their schemas, and how RBAC reads them. */
import * as z from "zod/mini";
import type { PolicyRule } from "./policy-rule.ts";
import { type KubernetesObject, type KubernetesState, objectKey, objectsOf } from "./state.ts";

export const RBAC_GROUP = "rbac.authorization.k8s.io";

const strings = z.optional(z.nullable(z.array(z.string())));
const ruleSchema = z.strictObject({
  verbs: z.array(z.string()).check(z.minLength(1)),
  apiGroups: strings,
  resources: strings,
  resourceNames: strings,
  nonResourceURLs: strings,
});
const subjectSchema = z.strictObject({
  kind: z.enum(["User", "Group", "ServiceAccount"]),
  apiGroup: z.optional(z.string()),
  name: z.string().check(z.minLength(1)),
  namespace: z.optional(z.string()),
});
const roleRefSchema = z.strictObject({
  apiGroup: z.literal(RBAC_GROUP),
  kind: z.enum(["Role", "ClusterRole"]),
  name: z.string().check(z.minLength(1)),
});
const head = { apiVersion: z.string(), kind: z.string(), metadata: z.looseObject({}) };

/** Role and ClusterRole. `aggregationRule` is no member: aggregation is not emulated, so refused. */
export const roleSchema = z.strictObject({
  ...head,
  rules: z.optional(z.nullable(z.array(ruleSchema))),
});

/** RoleBinding and ClusterRoleBinding. */
export const bindingSchema = z.strictObject({
  ...head,
  subjects: z.optional(z.nullable(z.array(subjectSchema))),
  roleRef: roleRefSchema,
});

export type Subject = Readonly<z.infer<typeof subjectSchema>>;
export type RoleRef = Readonly<z.infer<typeof roleRefSchema>>;

/** A RoleBinding, or with an empty namespace a ClusterRoleBinding. */
export interface Binding {
  readonly name: string;
  readonly namespace: string;
  readonly subjects: readonly Subject[];
  readonly roleRef: RoleRef;
}

/** The rules of a Role or ClusterRole object. Throws where it is neither. */
export function rulesOfRole(object: KubernetesObject): readonly PolicyRule[] {
  return (roleSchema.parse(object).rules ?? []).map((rule) => ({
    verbs: rule.verbs,
    apiGroups: rule.apiGroups ?? [],
    resources: rule.resources ?? [],
    resourceNames: rule.resourceNames ?? [],
    nonResourceURLs: rule.nonResourceURLs ?? [],
  }));
}

/** A RoleBinding or ClusterRoleBinding object as a {@link Binding}. Throws where it is neither. */
export function bindingOf(object: KubernetesObject): Binding {
  const { subjects, roleRef } = bindingSchema.parse(object);
  const { name, namespace = "" } = object.metadata;
  return { name, namespace, subjects: subjects ?? [], roleRef };
}

/** Every ClusterRoleBinding. */
export const clusterRoleBindings = (state: KubernetesState): readonly Binding[] =>
  objectsOf(state, RBAC_GROUP, "clusterrolebindings").map(bindingOf);

/** The RoleBindings of one namespace; empty for the empty namespace. */
export const roleBindings = (state: KubernetesState, namespace: string): readonly Binding[] =>
  namespace === "" ? [] : objectsOf(state, RBAC_GROUP, "rolebindings", namespace).map(bindingOf);

/** The rules that a reference means, or undefined where the role does not exist. */
export function referencedRules(
  state: KubernetesState,
  { kind, name }: RoleRef,
  namespace: string,
): readonly PolicyRule[] | undefined {
  const address =
    kind === "Role"
      ? { group: RBAC_GROUP, resource: "roles", namespace, name }
      : { group: RBAC_GROUP, resource: "clusterroles", namespace: "", name };
  const role = state.objects[objectKey(address)];
  return role === undefined ? undefined : rulesOfRole(role);
}
