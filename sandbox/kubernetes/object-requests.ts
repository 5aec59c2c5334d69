/** Get, list, create, update, patch and delete of stored objects; other verbs are refused by name. */
import { randomUUID } from "node:crypto";
import { signalOf } from "../aws/sqs/signal.ts";
import type { Store } from "../aws/store.ts";
import { isSame, PATCH_TYPES } from "./patch.ts";
import type { Attributes } from "./policy-rule.ts";
import { apiVersionOf, type ResourceType } from "./resources.ts";
import { selectorTest } from "./selectors.ts";
import {
  type KubernetesObject,
  type KubernetesState,
  objectKey,
  objectsOf,
  valueAt,
} from "./state.ts";
import {
  alreadyExists,
  conflict,
  forbidden,
  invalid,
  notEmulated,
  notFound,
  StatusError,
} from "./status.ts";
import { tableOf, wantsTable } from "./table.ts";
import { validated } from "./validation.ts";

export interface ObjectRequest {
  readonly objects: Store<KubernetesState>;
  readonly type: ResourceType;
  readonly attributes: Attributes;
  readonly query: URLSearchParams;
  readonly accept: string;
  /** The body's; of a patch it says how to apply it. */
  readonly mediaType: string;
  /** The decoded body; undefined where there is none. */
  readonly body: unknown;
  readonly now: Date;
  /** Called with what would be stored, before it is: throws where it must not be. */
  readonly admit: (object: KubernetesObject) => void;
}

export interface Answer {
  readonly code: 200 | 201;
  readonly body: unknown;
}

const addressOf = ({ type, attributes }: ObjectRequest, name = attributes.name) => ({
  group: type.group,
  resource: type.resource,
  namespace: type.namespaced ? attributes.namespace : "",
  name,
});

/** One object as the client wants it: a table of one row, or itself. */
function answered(request: ObjectRequest, object: KubernetesObject, code: 200 | 201 = 200): Answer {
  const { type, accept, now } = request;
  const version = object.metadata.resourceVersion ?? "";
  return { code, body: wantsTable(accept) ? tableOf(type, [object], version, now) : object };
}

function existing(request: ObjectRequest): KubernetesObject {
  const object = request.objects.state.objects[objectKey(addressOf(request))];
  if (object === undefined) throw notFound(request.attributes);
  return object;
}

const get = (request: ObjectRequest): Answer => answered(request, existing(request));

function list({ objects, type, attributes, query, accept, now }: ObjectRequest): Answer {
  const { state } = objects;
  const namespace = type.namespaced ? attributes.namespace : "";
  const items = objectsOf(state, type.group, type.resource, namespace).filter(selectorTest(query));
  const resourceVersion = String(state.resourceVersion);
  return {
    code: 200,
    body: wantsTable(accept)
      ? tableOf(type, items, resourceVersion, now)
      : {
          kind: `${type.kind}List`,
          apiVersion: apiVersionOf(type),
          metadata: { resourceVersion },
          items,
        },
  };
}

/** What the API server itself writes at creation; nothing runs behind it, so pods stay pending. */
const INITIAL_STATUS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Namespace: { status: { phase: "Active" } },
  Pod: { status: { phase: "Pending" } },
  Deployment: { status: {} },
  Service: { status: { loadBalancer: {} } },
};

/** Defaults that `kubectl get` shows (k8s.io/kubernetes `pkg/apis/{core,apps}/v1/defaults.go`). */
function withDefaults(object: KubernetesObject): KubernetesObject {
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

/** The signal that a write raises on the store; watches wait for it. */
export const OBJECTS_CHANGED = "objects";

function write<Result>(
  objects: Store<KubernetesState>,
  mutate: (state: KubernetesState) => Result,
): Result {
  const result = objects.change(mutate);
  signalOf(objects, OBJECTS_CHANGED).raise();
  return result;
}

function create(request: ObjectRequest): Answer {
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

/** What RBAC's escalation check is about; a write that leaves it alone is not checked again. */
const powerOf = ({ rules, roleRef, subjects }: KubernetesObject) => [rules, roleRef, subjects];

/**
 * Replaces an object. What the server keeps stays: the
 * identity, and the status, which has a subresource of its own. A write that changes nothing
 * leaves the resourceVersion as it was.
 */
function replaced(request: ObjectRequest, before: KubernetesObject, body: unknown): Answer {
  const { objects, type, attributes, query, admit } = request;
  const after = validated(type, body);
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

const update = (request: ObjectRequest): Answer =>
  replaced(request, existing(request), request.body);

function patch(request: ObjectRequest): Answer {
  const before = existing(request);
  const apply = PATCH_TYPES[request.mediaType];
  if (apply === undefined) throw new Error(`No patch is applied as ${request.mediaType}.`);
  return replaced(request, before, apply(before, request.body));
}

/** Namespaces that the API server keeps for itself. */
const IMMORTAL: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public"]);

/**
 * Deletes at once: there are no finalizers and no dependents, so every propagation policy does
 * the same. With a namespace goes what is in it.
 */
function remove(request: ObjectRequest): Answer {
  const { objects, type, attributes, query, body } = request;
  const object = existing(request);
  const preconditions = valueAt(body, "preconditions");
  if (preconditions !== undefined && preconditions !== null) {
    throw notEmulated("preconditions in DeleteOptions", "delete without them");
  }
  const inside = type.resource === "namespaces" ? attributes.name : undefined;
  if (inside !== undefined && IMMORTAL.has(inside)) {
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

function dryRun(query: URLSearchParams): boolean {
  const values = query.getAll("dryRun");
  if (values.some((value) => value !== "All")) {
    throw new StatusError(400, `Invalid value: ${JSON.stringify(values)}: dryRun: must be "All"`);
  }
  return values.length > 0;
}

const VERBS: Readonly<Record<string, (request: ObjectRequest) => Answer>> = {
  get,
  list,
  create,
  delete: remove,
  patch,
  update,
};

/** Why a verb of Kubernetes is missing, and what to do instead. */
const MISSING_VERBS: Readonly<Record<string, string>> = {
  deletecollection: "delete the objects by name",
};

/** Refuses by name what a resource has in Kubernetes and has not here. Throws 405. */
export function checkServed({ verbs }: ResourceType, attributes: Attributes): void {
  const { verb, resource, subresource } = attributes;
  if (subresource !== "") {
    throw notEmulated(
      `${resource}/${subresource}`,
      "the cluster runs no containers, only its API does",
    );
  }
  if (verbs.includes(verb)) return;
  throw notEmulated(
    `${verb} of ${resource}`,
    MISSING_VERBS[verb] ?? `it serves ${verbs.join(", ")}`,
  );
}

/** Answers an authorised request that {@link checkServed} let pass. Throws StatusError. */
export function answerObjectRequest(request: ObjectRequest): Answer {
  const answer = VERBS[request.attributes.verb];
  if (answer === undefined) throw new Error(`No answer for ${request.attributes.verb}.`);
  return answer(request);
}
