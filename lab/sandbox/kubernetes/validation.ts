/**
 * The API server's checks of an object before it stores it, as far as the sandbox reads objects.
 */
import type * as z from "zod/mini";
import { bindingSchema, RBAC_GROUP, roleSchema } from "./rbac-objects.ts";
import { apiVersionOf, type ResourceType } from "./resources.ts";
import { type KubernetesObject, valueAt } from "./state.ts";
import { type FieldError, invalid, StatusError } from "./status.ts";

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** A name's own rule: a label, a subdomain, or (RBAC: `system:node`) anything that fits a path. */
function nameError({ group, resource }: ResourceType, name: string): string | undefined {
  if (group === RBAC_GROUP) {
    return name === "." || name === ".." || /[/%]/.test(name)
      ? "may not be '.' or '..' or contain '/' or '%'"
      : undefined;
  }
  if (resource === "namespaces" || resource === "services") {
    if (name.length > 63) return "must be no more than 63 characters";
    return LABEL.test(name) ? undefined : LABEL_TEXT;
  }
  if (name.length > 253) return "must be no more than 253 characters";
  return SUBDOMAIN.test(name) ? undefined : SUBDOMAIN_TEXT;
}

const missing = (field: string, why = ""): FieldError => ({
  field,
  message: why === "" ? "Required value" : `Required value: ${why}`,
  reason: "FieldValueRequired",
});

/** An object with at least a name in its metadata, of the type that the URL says. Throws 400, 422. */
function shaped(type: ResourceType, body: unknown): KubernetesObject {
  const apiVersion = valueAt(body, "apiVersion");
  const kind = valueAt(body, "kind");
  const expected = apiVersionOf(type);
  if (apiVersion !== expected || kind !== type.kind) {
    throw new StatusError(
      400,
      `the object provided is unrecognized: its apiVersion and kind are ${JSON.stringify(apiVersion)} and ${JSON.stringify(kind)}, where the URL takes ${JSON.stringify(expected)} and ${JSON.stringify(type.kind)}`,
    );
  }
  const metadata = valueAt(body, "metadata");
  if (metadata !== undefined && (typeof metadata !== "object" || metadata === null)) {
    throw new StatusError(400, "the object provided is unrecognized: metadata is not an object");
  }
  if (valueAt(body, "metadata", "generateName") !== undefined) {
    throw new StatusError(
      400,
      "metadata.generateName is not emulated by the sandbox: nothing was created; give metadata.name",
    );
  }
  const name = valueAt(body, "metadata", "name");
  if (typeof name !== "string" || name === "") {
    throw invalid(type.group, type.kind, "", [
      missing("metadata.name", "name or generateName is required"),
    ]);
  }
  return body as KubernetesObject;
}

/** RBAC objects are read by their schemas later, so they must fit them now. Throws 400. */
const RBAC_SCHEMAS: Readonly<Record<string, z.ZodMiniType>> = {
  Role: roleSchema,
  ClusterRole: roleSchema,
  RoleBinding: bindingSchema,
  ClusterRoleBinding: bindingSchema,
};

function checkRbac(type: ResourceType, object: KubernetesObject): void {
  const checked = RBAC_SCHEMAS[type.kind]?.safeParse(object);
  const issue = checked?.error?.issues[0];
  if (issue === undefined) return;
  const where = issue.path.join(".") || "the object";
  const unknown = "keys" in issue ? `: unknown field ${issue.keys.join(", ")}` : "";
  throw new StatusError(
    400,
    `${type.kind} in version "v1" cannot be handled as a ${type.kind}: ${where} does not fit${unknown}; nothing was created`,
  );
}

/** The body as an object that may be stored. Throws 400 for another shape, 422 for wrong values. */
export function validated(type: ResourceType, body: unknown): KubernetesObject {
  const object = shaped(type, body);
  const { name } = object.metadata;
  const wrongName = nameError(type, name);
  const errors: FieldError[] = [
    ...(wrongName === undefined
      ? []
      : [
          {
            field: "metadata.name",
            message: `Invalid value: ${JSON.stringify(name)}: ${wrongName}`,
            reason: "FieldValueInvalid" as const,
          },
        ]),
    ...type.required
      .filter((path) => {
        const value = valueAt(object, ...path);
        return (
          value === undefined || value === null || (Array.isArray(value) && value.length === 0)
        );
      })
      .map((path) => missing(path.join("."))),
  ];
  if (errors.length > 0) throw invalid(type.group, type.kind, name, errors);
  checkRbac(type, object);
  return object;
}
