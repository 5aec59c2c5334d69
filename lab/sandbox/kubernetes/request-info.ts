/**
 * Reads a request's attributes from its method and URL. Source: k8s.io/apiserver
 * `pkg/endpoints/request/requestinfo.go`.
 */
import type { Attributes } from "./policy-rule.ts";
import { StatusError } from "./status.ts";

/** Subresources of a namespace itself; anything else below `namespaces/{name}` is in it. */
const NAMESPACE_SUBRESOURCES: ReadonlySet<string> = new Set(["status", "finalize"]);

const RESOURCE_VERBS: Readonly<Record<string, string>> = {
  GET: "get",
  HEAD: "get",
  POST: "create",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

/** The name that a field selector pins: `metadata.name=x`; empty if none. */
const selectedName = (fieldSelector: string): string =>
  /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(fieldSelector)?.[1] ?? "";

/** Without a name, a get is a list or a watch, and a delete is of the collection. */
function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = RESOURCE_VERBS[method] ?? method.toLowerCase();
  if (name !== "") return verb;
  if (verb === "delete") return "deletecollection";
  if (verb !== "get") return verb;
  return ["true", "1", ""].includes(query.get("watch") ?? "false") ? "watch" : "list";
}

function segments(path: string): readonly string[] {
  try {
    return path
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch {
    throw new StatusError(400, `the path ${JSON.stringify(path)} is not properly percent-encoded`);
  }
}

/** The attributes of a request. Paths outside `/api/v1/…` and `/apis/<group>/<version>/…` are no resources. */
export function requestInfo(method: string, url: URL): Attributes {
  const nonResource: Attributes = {
    verb: method.toLowerCase(),
    resourceRequest: false,
    apiGroup: "",
    apiVersion: "",
    namespace: "",
    resource: "",
    subresource: "",
    name: "",
    path: url.pathname,
  };
  const [root, ...rest] = segments(url.pathname);
  const grouped = root === "apis";
  if (!grouped && root !== "api") return nonResource;
  const [apiGroup = "", apiVersion = "", ...parts] = grouped ? rest : ["", ...rest];
  if (parts.length === 0) return nonResource;

  const [first, namespaceName = "", third] = parts;
  const inNamespace =
    first === "namespaces" && third !== undefined && !NAMESPACE_SUBRESOURCES.has(third);
  const [resource = "", name = "", subresource = ""] = inNamespace ? parts.slice(2) : parts;
  const verb = verbOf(method, name, url.searchParams);
  return {
    verb,
    resourceRequest: true,
    apiGroup,
    apiVersion,
    namespace: first === "namespaces" ? namespaceName : "",
    resource,
    subresource,
    name:
      name === "" && (verb === "list" || verb === "watch" || verb === "deletecollection")
        ? selectedName(url.searchParams.get("fieldSelector") ?? "")
        : name,
    path: url.pathname,
  };
}
