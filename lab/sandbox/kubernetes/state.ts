/**
 * The state of one cluster's API server: Kubernetes objects, whole, as JSON.
 *
 * There is no scheduler, kubelet or controller behind it. An object stays as it was sent, with the
 * members that the API server itself fills.
 */

/** The part of ObjectMeta that the sandbox reads; other members are kept as sent. */
interface ObjectMeta {
  readonly name: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly uid?: string;
  /** The store's counter when the object was written, as a decimal string. */
  readonly resourceVersion?: string;
  /** RFC 3339 UTC, whole seconds. */
  readonly creationTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** Any Kubernetes object. `spec`, `data`, `rules` and the rest are read with {@link valueAt}. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [member: string]: unknown;
}

export interface KubernetesState {
  /** By {@link objectKey}. */
  objects: Record<string, KubernetesObject>;
  /** Counts writes; what lists and objects carry as `resourceVersion`. */
  resourceVersion: number;
}

/** The address of an object. `group` is empty for the core group, `namespace` for cluster scope. */
export interface ObjectAddress {
  readonly group: string;
  /** The plural: `pods`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
}

/** The key of an object in {@link KubernetesState.objects}. No part may hold a slash. */
export function objectKey({ group, resource, namespace, name }: ObjectAddress): string {
  return `${group}/${resource}/${namespace}/${name}`;
}

/** All objects of one resource, in the order of their keys: namespace, then name. */
export function objectsOf(
  state: KubernetesState,
  group: string,
  resource: string,
  namespace = "",
): readonly KubernetesObject[] {
  const prefix = namespace === "" ? `${group}/${resource}/` : `${group}/${resource}/${namespace}/`;
  return Object.keys(state.objects)
    .filter((key) => key.startsWith(prefix))
    .sort()
    .flatMap((key) => state.objects[key] ?? []);
}

/** The value at a path of own members, or undefined where the path leaves the object. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, member) =>
      typeof at === "object" && at !== null && Object.hasOwn(at, member)
        ? (at as Readonly<Record<string, unknown>>)[member]
        : undefined,
    value,
  );
}
