/** Get, list, create, update, patch and delete of stored objects; other verbs are refused by name. */
import { createObject } from "./create-object.ts";
import { deleteObject } from "./delete-object.ts";
import { type Answer, answered, existing, type ObjectRequest } from "./object-request.ts";
import type { Attributes } from "./policy-rule.ts";
import { patchObject, updateObject } from "./replace-object.ts";
import { apiVersionOf, type ResourceType } from "./resources.ts";
import { selectorTest } from "./selectors.ts";
import { objectsOf } from "./state.ts";
import { notEmulated } from "./status.ts";
import { tableOf, wantsTable } from "./table.ts";

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

const VERBS: Readonly<Record<string, (request: ObjectRequest) => Answer>> = {
  get,
  list,
  create: createObject,
  delete: deleteObject,
  patch: patchObject,
  update: updateObject,
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
