/** The verbs `update` and `patch`: both replace an object. */
import { withDefaults } from "./object-defaults.ts";
import {
  type Answer,
  addressOf,
  answered,
  dryRun,
  existing,
  type ObjectRequest,
} from "./object-request.ts";
import { write } from "./object-writes.ts";
import { isSame, PATCH_TYPES } from "./patch.ts";
import { type KubernetesObject, objectKey } from "./state.ts";
import { conflict, invalid, StatusError } from "./status.ts";
import { validated } from "./validation.ts";

/** The fields of RBAC's escalation check; a write that keeps them is not checked again. */
const powerOf = ({ rules, roleRef, subjects }: KubernetesObject) => [rules, roleRef, subjects];

/**
 * Refuses a change of name, namespace or roleRef; and a resourceVersion must be the current one.
 */
function checkReplacement(
  { type, attributes }: ObjectRequest,
  before: KubernetesObject,
  after: KubernetesObject,
): void {
  const { name, namespace, resourceVersion } = after.metadata;
  if (name !== attributes.name)
    throw new StatusError(
      400,
      `the name of the object (${name}) does not match the name on the URL (${attributes.name})`,
    );
  if (namespace !== undefined && namespace !== before.metadata.namespace)
    throw new StatusError(
      400,
      "the namespace of the provided object does not match the namespace sent on the request",
    );
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion)
    throw conflict(attributes);
  if (!isSame(before["roleRef"], after["roleRef"]))
    throw invalid(type.group, type.kind, name, [
      {
        field: "roleRef",
        message: `Invalid value: ${JSON.stringify(after["roleRef"])}: cannot change roleRef`,
        reason: "FieldValueInvalid",
      },
    ]);
}

/**
 * Replaces an object. Its identity stays, and its status, which has a subresource of its own. A
 * write that changes nothing keeps the resourceVersion.
 */
function replaceObject(request: ObjectRequest, before: KubernetesObject, body: unknown): Answer {
  const { objects, type, query, admit } = request;
  const after = validated(type, body);
  checkReplacement(request, before, after);
  if (!isSame(powerOf(before), powerOf(after))) admit(after);
  const { uid, creationTimestamp } = before.metadata;
  const { status: _theirs, ...sent } = withDefaults(after);
  const stored = (version: string | undefined): KubernetesObject => ({
    ...sent,
    ...("status" in before ? { status: before["status"] } : {}),
    metadata: {
      ...after.metadata,
      ...(before.metadata.namespace === undefined ? {} : { namespace: before.metadata.namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      ...(version === undefined ? {} : { resourceVersion: version }),
    },
  });
  const unchanged = stored(before.metadata.resourceVersion);
  if (isSame(unchanged, before) || dryRun(query)) return answered(request, unchanged);
  const written = write(objects, (state) => {
    state.resourceVersion += 1;
    const object = stored(String(state.resourceVersion));
    state.objects[objectKey(addressOf(request))] = object;
    return object;
  });
  return answered(request, written);
}

export const updateObject = (request: ObjectRequest): Answer =>
  replaceObject(request, existing(request), request.body);

export function patchObject(request: ObjectRequest): Answer {
  const before = existing(request);
  const apply = PATCH_TYPES[request.mediaType];
  if (apply === undefined) throw new Error(`No patch is applied as ${request.mediaType}.`);
  return replaceObject(request, before, apply(before, request.body));
}
