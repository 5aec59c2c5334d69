/** The fields that the API server adds to objects that it stores. */
import { type KubernetesObject, valueAt } from "./state.ts";

/** By kind, the status of a new object. Nothing runs, so pods stay pending. */
export const INITIAL_STATUS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Namespace: { status: { phase: "Active" } },
  Pod: { status: { phase: "Pending" } },
  Deployment: { status: {} },
  Service: { status: { loadBalancer: {} } },
};

/** Defaults that `kubectl get` shows (k8s.io/kubernetes `pkg/apis/{core,apps}/v1/defaults.go`). */
export function withDefaults(object: KubernetesObject): KubernetesObject {
  const spec = valueAt(object, "spec") as object | undefined;
  if (object.kind === "Deployment") return { ...object, spec: { replicas: 1, ...spec } };
  if (object.kind === "Service") return { ...object, spec: { type: "ClusterIP", ...spec } };
  if (object.kind === "Secret") return { type: "Opaque", ...withoutStringData(object) };
  return object;
}

/** `stringData` is for writing only: it goes into `data`, in base64. */
function withoutStringData(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = object;
  if (stringData === undefined) return object;
  const encoded = Object.entries(stringData as Record<string, string>).map(([name, value]) => [
    name,
    Buffer.from(value).toString("base64"),
  ]);
  return { ...rest, data: { ...(object["data"] as object), ...Object.fromEntries(encoded) } };
}
