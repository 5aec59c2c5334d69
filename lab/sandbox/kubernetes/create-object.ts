/** The verb `create`. */
import { randomUUID } from "node:crypto";
import { INITIAL_STATUS, withDefaults } from "./object-defaults.ts";
import { type Answer, addressOf, answered, dryRun, type ObjectRequest } from "./object-request.ts";
import { write } from "./object-writes.ts";
import { type KubernetesObject, objectKey } from "./state.ts";
import { alreadyExists, notFound, StatusError } from "./status.ts";
import { validated } from "./validation.ts";

export function createObject(request: ObjectRequest): Answer {
  const { objects, type, attributes, query, body, now, admit } = request;
  if (attributes.name !== "")
    throw new StatusError(405, "the server does not allow this method on the requested resource");
  if (type.namespaced && attributes.namespace === "") {
    throw new StatusError(400, "an empty namespace may not be set during creation");
  }
  const object = validated(type, body);
  const { name, namespace } = object.metadata;
  const address = addressOf(request, name);
  if (namespace !== undefined && namespace !== address.namespace) {
    throw new StatusError(
      400,
      `the namespace of the provided object does not match the namespace sent on the request`,
    );
  }
  const home = { group: "", resource: "namespaces", namespace: "", name: address.namespace };
  if (type.namespaced && objects.state.objects[objectKey(home)] === undefined) {
    throw notFound({ apiGroup: "", resource: "namespaces", name: address.namespace });
  }
  admit(object);
  if (objects.state.objects[objectKey(address)] !== undefined) {
    throw alreadyExists({ ...attributes, name });
  }
  const stored = (resourceVersion: number): KubernetesObject => ({
    ...withDefaults(object),
    ...INITIAL_STATUS[type.kind],
    metadata: {
      ...object.metadata,
      ...(type.namespaced ? { namespace: address.namespace } : {}),
      uid: randomUUID(),
      resourceVersion: String(resourceVersion),
      creationTimestamp: `${now.toISOString().slice(0, 19)}Z`,
    },
  });
  if (dryRun(query)) return answered(request, stored(objects.state.resourceVersion), 201);
  const created = write(objects, (state) => {
    state.resourceVersion += 1;
    const written = stored(state.resourceVersion);
    state.objects[objectKey(address)] = written;
    return written;
  });
  return answered(request, created, 201);
}
