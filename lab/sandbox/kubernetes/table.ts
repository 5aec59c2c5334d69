/** Tables (meta.k8s.io/v1), which `kubectl get` asks for and prints as they are. */
import type { ResourceType } from "./resources.ts";
import { type KubernetesObject, valueAt } from "./state.ts";

type Cell = string | number;

interface Column {
  readonly name: string;
  readonly type: "string" | "integer";
  readonly cell: (object: KubernetesObject, now: Date) => Cell;
}

const at =
  (...path: readonly string[]) =>
  (object: KubernetesObject): Cell => {
    const value = valueAt(object, ...path);
    return typeof value === "string" || typeof value === "number" ? value : "<none>";
  };

const size = (value: unknown): number =>
  Array.isArray(value) ? value.length : Object.keys((value as object | undefined) ?? {}).length;

const column = (name: string, cell: Column["cell"]): Column => ({ name, type: "string", cell });
const count = (name: string, ...path: readonly string[]): Column => ({
  name,
  type: "integer",
  cell: (object) => size(valueAt(object, ...path)),
});
const number = (name: string, ...path: readonly string[]): Column => ({
  name,
  type: "integer",
  cell: (object) => Number(valueAt(object, ...path) ?? 0),
});

const NAME = column("Name", at("metadata", "name"));
const AGE = column("Age", (object, now) => {
  const seconds = (now.getTime() - Date.parse(object.metadata.creationTimestamp ?? "")) / 1000;
  return Number.isNaN(seconds) ? "<unknown>" : shortAge(Math.max(0, Math.floor(seconds)));
});
const CREATED = column("Created At", at("metadata", "creationTimestamp"));
const ROLE = column(
  "Role",
  (object) => `${at("roleRef", "kind")(object)}/${at("roleRef", "name")(object)}`,
);

/** `90s`, `5m`, `3h`, `2d`: the largest unit of which there are at least two. */
function shortAge(seconds: number): string {
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

const statuses = (object: KubernetesObject): readonly unknown[] => {
  const value = valueAt(object, "status", "containerStatuses");
  return Array.isArray(value) ? value : [];
};

const ready = column("Ready", (object) => {
  const running = statuses(object).filter((one) => valueAt(one, "ready") === true).length;
  return `${running}/${size(valueAt(object, "spec", "containers"))}`;
});

const ports = column("Port(s)", (object) => {
  const value = valueAt(object, "spec", "ports");
  const all = Array.isArray(value) ? value : [];
  return all.map((one) => `${valueAt(one, "port")}/${valueAt(one, "protocol") ?? "TCP"}`).join(",");
});

/** Between name and age; by plural. */
const COLUMNS: Readonly<Record<string, readonly Column[]>> = {
  namespaces: [NAME, column("Status", at("status", "phase")), AGE],
  pods: [
    NAME,
    ready,
    column("Status", at("status", "phase")),
    {
      name: "Restarts",
      type: "integer",
      cell: (object) =>
        statuses(object).reduce<number>(
          (sum, one) => sum + Number(valueAt(one, "restartCount") ?? 0),
          0,
        ),
    },
    AGE,
  ],
  configmaps: [NAME, count("Data", "data"), AGE],
  secrets: [NAME, column("Type", at("type")), count("Data", "data"), AGE],
  services: [
    NAME,
    column("Type", at("spec", "type")),
    column("Cluster-IP", at("spec", "clusterIP")),
    column("External-IP", at("spec", "externalName")),
    ports,
    AGE,
  ],
  serviceaccounts: [NAME, count("Secrets", "secrets"), AGE],
  deployments: [
    NAME,
    column(
      "Ready",
      (object) =>
        `${valueAt(object, "status", "readyReplicas") ?? 0}/${valueAt(object, "spec", "replicas") ?? 0}`,
    ),
    number("Up-to-date", "status", "updatedReplicas"),
    number("Available", "status", "availableReplicas"),
    AGE,
  ],
  roles: [NAME, CREATED],
  clusterroles: [NAME, CREATED],
  rolebindings: [NAME, ROLE, AGE],
  clusterrolebindings: [NAME, ROLE, AGE],
};

/** Does an Accept header ask for a table? */
export const wantsTable = (accept: string): boolean =>
  accept.split(",").some((one) => {
    const parameters = one.split(";").map((part) => part.trim());
    return parameters.includes("as=Table") && parameters.includes("v=v1");
  });

/** Objects as a table. Rows carry the objects' metadata, as the server does unless asked otherwise. */
export function tableOf(
  { resource }: ResourceType,
  objects: readonly KubernetesObject[],
  resourceVersion: string,
  now: Date,
): Record<string, unknown> {
  const columns = COLUMNS[resource] ?? [NAME, AGE];
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: { resourceVersion },
    columnDefinitions: columns.map(({ name, type }) => ({
      name,
      type,
      format: name === "Name" ? "name" : "",
      description: "",
      priority: 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map(({ cell }) => cell(object, now)),
      object: {
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: object.metadata,
      },
    })),
  };
}
