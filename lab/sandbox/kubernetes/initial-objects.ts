/** The objects that a cluster starts with. */
import { randomUUID } from "node:crypto";
import type { PolicyRules } from "./access-policies.ts";
import { bootstrapPolicy } from "./bootstrap-policy.ts";
import { apiVersionOf, RESOURCE_TYPES } from "./resources.ts";
import { type KubernetesObject, type KubernetesState, objectKey } from "./state.ts";

/** A pod that runs, with one container. */
interface InitialPod {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface InitialObjects {
  /** Besides `default`, `kube-system`, `kube-public` and `kube-node-lease`. */
  readonly namespaces: readonly string[];
  readonly pods: readonly InitialPod[];
  /** Anything else, whole, with its namespace in its metadata: RBAC objects, aws-auth, Secrets. */
  readonly objects: readonly KubernetesObject[];
  /** The source of the rules of the built-in `admin`, `edit` and `view`. */
  readonly policyRules: PolicyRules;
  readonly createdAt: Date;
}

const NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"] as const;

const namespaceObject = (name: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
  status: { phase: "Active" },
});

const runningPod = ({ namespace, name, image, labels }: InitialPod): KubernetesObject => {
  const container = name.replace(/(-[a-z0-9]{1,10}-[a-z0-9]{5}|-[a-z0-9]{5})$/, "");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, ...(labels === undefined ? {} : { labels }) },
    spec: { containers: [{ name: container, image }] },
    status: {
      phase: "Running",
      containerStatuses: [{ name: container, image, ready: true, restartCount: 0 }],
    },
  };
};

/** The object's storage key. Throws for a kind that is not served, and for a missing namespace. */
function keyOf(object: KubernetesObject): string {
  const type = RESOURCE_TYPES.find(
    (one) => one.kind === object.kind && apiVersionOf(one) === object.apiVersion,
  );
  const { name, namespace = "" } = object.metadata;
  const what = `${object.apiVersion} ${object.kind} ${JSON.stringify(name)}`;
  if (type === undefined) {
    throw new Error(`${what} was not put into the cluster: the sandbox does not serve its kind.`);
  }
  if (type.namespaced !== (namespace !== "")) {
    throw new Error(
      `${what} was not put into the cluster: its kind ${type.namespaced ? "needs a" : "has no"} metadata.namespace.`,
    );
  }
  return objectKey({ group: type.group, resource: type.resource, namespace, name });
}

/** A new cluster's state. Throws for objects of kinds that are not served, and for duplicates. */
export function initialObjects(initial: InitialObjects): KubernetesState {
  const { namespaces, pods, objects, policyRules, createdAt } = initial;
  const all = [
    ...[...NAMESPACES, ...namespaces].map(namespaceObject),
    ...bootstrapPolicy(policyRules),
    ...pods.map(runningPod),
    ...objects,
  ];
  const state: KubernetesState = { objects: {}, resourceVersion: 0 };
  for (const object of all) {
    const key = keyOf(object);
    if (state.objects[key] !== undefined) {
      throw new Error(`The initial objects hold ${key} twice; leave one of them out.`);
    }
    state.resourceVersion += 1;
    state.objects[key] = {
      ...object,
      metadata: {
        ...object.metadata,
        uid: randomUUID(),
        resourceVersion: String(state.resourceVersion),
        creationTimestamp: `${createdAt.toISOString().slice(0, 19)}Z`,
      },
    };
  }
  return state;
}
