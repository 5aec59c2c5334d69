/** Answers that clients read before anything else: groups, resources, version, OpenAPI. */
import { apiVersionOf, RESOURCE_TYPES, REVIEW_TYPES, type ResourceType } from "./resources.ts";

const TYPES: readonly ResourceType[] = [...RESOURCE_TYPES, ...REVIEW_TYPES];
const GROUPS: readonly string[] = [...new Set(TYPES.map(({ group }) => group))];

const apiGroup = (name: string): Record<string, unknown> => {
  const version = { groupVersion: `${name}/v1`, version: "v1" };
  return { name, versions: [version], preferredVersion: version };
};

const resourceList = (group: string): Record<string, unknown> => ({
  kind: "APIResourceList",
  ...(group === "" ? {} : { apiVersion: "v1" }),
  groupVersion: apiVersionOf({ group, version: "v1" }),
  resources: TYPES.filter((type) => type.group === group).map((type) => ({
    name: type.resource,
    singularName: type.singular,
    namespaced: type.namespaced,
    kind: type.kind,
    verbs: type.verbs,
    ...(type.shortNames === undefined ? {} : { shortNames: type.shortNames }),
    ...(type.categories === undefined ? {} : { categories: type.categories }),
  })),
});

const rootOf = (group: string): string => (group === "" ? "api/v1" : `apis/${group}/v1`);

/**
 * A group's OpenAPI v3 document. Before it creates, kubectl reads whether the kind's patch has the
 * parameter `fieldValidation`. If so, the server validates, and kubectl does not.
 */
const openApi = (group: string): Record<string, unknown> => ({
  openapi: "3.0.0",
  info: { title: "Kubernetes", version: "v1" },
  paths: Object.fromEntries(
    RESOURCE_TYPES.filter((type) => type.group === group).map((type) => [
      `/${rootOf(group)}/${type.namespaced ? "namespaces/{namespace}/" : ""}${type.resource}/{name}`,
      {
        patch: {
          parameters: ["dryRun", "fieldValidation"].map((name) => ({
            name,
            in: "query",
            schema: { type: "string" },
          })),
          responses: {},
          "x-kubernetes-action": "patch",
          "x-kubernetes-group-version-kind": { group, version: type.version, kind: type.kind },
        },
      },
    ]),
  ),
});

const openApiIndex = {
  paths: Object.fromEntries(
    GROUPS.map((group) => [rootOf(group), { serverRelativeURL: `/openapi/v3/${rootOf(group)}` }]),
  ),
};

/** By path. OpenAPI v2, which clients take only as protobuf, is not served: they do without. */
const DOCUMENTS: ReadonlyMap<string, Record<string, unknown>> = new Map<
  string,
  Record<string, unknown>
>([
  ["/api", { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] }],
  [
    "/apis",
    {
      kind: "APIGroupList",
      apiVersion: "v1",
      groups: GROUPS.filter((name) => name !== "").map(apiGroup),
    },
  ],
  ...GROUPS.map((group) => [`/${rootOf(group)}`, resourceList(group)] as const),
  ...GROUPS.filter((name) => name !== "").map(
    (name) => [`/apis/${name}`, { kind: "APIGroup", apiVersion: "v1", ...apiGroup(name) }] as const,
  ),
  ["/openapi/v3", openApiIndex],
  ...GROUPS.map((group) => [`/openapi/v3/${rootOf(group)}`, openApi(group)] as const),
]);

/** The document at a path, or undefined. `version` is the cluster's, such as `1.34`. */
export function discoveryDocument(
  path: string,
  version: string,
): Record<string, unknown> | undefined {
  if (path === "/version" || path === "/version/") {
    const [major = "", minor = ""] = version.split(".");
    return { major, minor, gitVersion: `v${version}.0-eks-timelatch-sandbox` };
  }
  return DOCUMENTS.get(path);
}

/** Anyone may ask these, signed in or not, as on EKS since Kubernetes 1.32. */
export const HEALTH_PATHS: ReadonlySet<string> = new Set(["/healthz", "/livez", "/readyz"]);
