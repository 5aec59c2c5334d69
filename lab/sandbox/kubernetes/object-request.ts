/** A request for stored objects, and what all verbs do with it. */
import type { Store } from "../aws/store.ts";
import type { Attributes } from "./policy-rule.ts";
import type { ResourceType } from "./resources.ts";
import { type KubernetesObject, type KubernetesState, objectKey } from "./state.ts";
import { notFound, StatusError } from "./status.ts";
import { tableOf, wantsTable } from "./table.ts";

export interface ObjectRequest {
  readonly objects: Store<KubernetesState>;
  readonly type: ResourceType;
  readonly attributes: Attributes;
  readonly query: URLSearchParams;
  readonly accept: string;
  /** The body's; of a patch it says how to apply it. */
  readonly mediaType: string;
  /** The decoded body; undefined without a body. */
  readonly body: unknown;
  readonly now: Date;
  /** Called with what would be stored, before it is: throws where it must not be. */
  readonly admit: (object: KubernetesObject) => void;
}

export interface Answer {
  readonly code: 200 | 201;
  readonly body: unknown;
}

/** The storage address of the request's object. */
export const addressOf = ({ type, attributes }: ObjectRequest, name = attributes.name) => ({
  group: type.group,
  resource: type.resource,
  namespace: type.namespaced ? attributes.namespace : "",
  name,
});

/** One object as the client wants it: a table of one row, or itself. */
export function answered(
  request: ObjectRequest,
  object: KubernetesObject,
  code: 200 | 201 = 200,
): Answer {
  const { type, accept, now } = request;
  const version = object.metadata.resourceVersion ?? "";
  return { code, body: wantsTable(accept) ? tableOf(type, [object], version, now) : object };
}

/** The stored object. @throws StatusError 404 without such an object */
export function existing(request: ObjectRequest): KubernetesObject {
  const object = request.objects.state.objects[objectKey(addressOf(request))];
  if (object === undefined) throw notFound(request.attributes);
  return object;
}

/** Whether the request is a dry run. @throws StatusError 400 for a value other than All */
export function dryRun(query: URLSearchParams): boolean {
  const values = query.getAll("dryRun");
  if (values.some((value) => value !== "All")) {
    throw new StatusError(400, `Invalid value: ${JSON.stringify(values)}: dryRun: must be "All"`);
  }
  return values.length > 0;
}
