/** The verb `delete`. */
import { type Answer, addressOf, dryRun, existing, type ObjectRequest } from "./object-request.ts";
import { write } from "./object-writes.ts";
import { objectKey, valueAt } from "./state.ts";
import { forbidden, notEmulated } from "./status.ts";

/** Namespaces that cannot be deleted. */
const PROTECTED: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/**
 * Deletes at once: there are no finalizers and no dependents, so every propagation policy does
 * the same. With a namespace goes what is in it.
 */
export function deleteObject(request: ObjectRequest): Answer {
  const { objects, type, attributes, query, body } = request;
  const object = existing(request);
  const preconditions = valueAt(body, "preconditions");
  if (preconditions !== undefined && preconditions !== null) {
    throw notEmulated("preconditions in DeleteOptions", "delete without them");
  }
  const inside = type.resource === "namespaces" ? attributes.name : undefined;
  if (inside !== undefined && PROTECTED.has(inside)) {
    throw forbidden(attributes, "this namespace may not be deleted");
  }
  if (!dryRun(query)) {
    const key = objectKey(addressOf(request));
    write(objects, (state) => {
      state.resourceVersion += 1;
      for (const [other, { metadata }] of Object.entries(state.objects)) {
        if (other === key || (inside !== undefined && metadata.namespace === inside)) {
          delete state.objects[other];
        }
      }
    });
  }
  const { name, uid } = object.metadata;
  return {
    code: 200,
    body: {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Success",
      details: {
        name,
        ...(type.group === "" ? {} : { group: type.group }),
        kind: type.resource,
        ...(uid === undefined ? {} : { uid }),
      },
    },
  };
}
