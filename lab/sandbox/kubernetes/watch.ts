/**
 * Watches: a stream of one JSON event a line (Kubernetes API concepts, "Efficient detection of
 * changes"). A watch is authorised when it begins and never again. So it goes on after access is
 * removed, as on EKS.
 */
import { signalOf } from "../aws/sqs/signal.ts";
import type { ObjectRequest } from "./object-request.ts";
import { OBJECTS_CHANGED } from "./object-writes.ts";
import { selectorTest } from "./selectors.ts";
import { type KubernetesObject, objectsOf } from "./state.ts";
import { StatusError } from "./status.ts";
import { tableOf, wantsTable } from "./table.ts";

/** Events of a watch, while somebody reads them. */
export interface Watch {
  /** Sends everything that is there, then every change; answers a function that ends it. */
  readonly start: (send: (line: string) => void, timeIsOver: () => void) => () => void;
}

/** The shortest timeout of a watch in the API server (`--min-request-timeout`). */
const DEFAULT_SECONDS = 1800;

type Seen = ReadonlyMap<string, KubernetesObject>;

const versionOf = ({ metadata }: KubernetesObject): number => Number(metadata.resourceVersion ?? 0);
const addressOf = ({ metadata }: KubernetesObject): string =>
  `${metadata.namespace ?? ""}/${metadata.name}`;

interface Change {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubernetesObject;
}

/** The changes of objects between two looks, in the order in which they were written. */
function changesBetween(before: Seen, after: Seen): readonly Change[] {
  const written = [...after].flatMap(([key, object]): Change[] => {
    const known = before.get(key);
    if (known === undefined) return [{ type: "ADDED", object }];
    return versionOf(known) === versionOf(object) ? [] : [{ type: "MODIFIED", object }];
  });
  const deleted = [...before]
    .filter(([key]) => !after.has(key))
    .map(([, object]): Change => ({ type: "DELETED", object }));
  return [...deleted, ...written.sort((one, two) => versionOf(one.object) - versionOf(two.object))];
}

/** The view of a watch: the objects that its request's list would hold, and how. */
interface View {
  readonly look: () => Seen;
  /** One event as a line of JSON. */
  readonly lineOf: (change: Change) => string;
}

/**
 * A watch of the objects that the request's list would hold. Without a resourceVersion, or with 0,
 * it begins with the present objects; otherwise with the writes since that version. Throws 400,
 * 422.
 */
export function watchOf(request: ObjectRequest): Watch {
  const { objects, query } = request;
  refuseInitialEvents(query);
  const view = viewOf(request);
  const seconds = secondsOf(query);
  const since = versionSince(query);
  return {
    start(send, timeIsOver) {
      let seen = seenAt(since, view.look());
      const sendChanges = () => {
        const present = view.look();
        for (const change of changesBetween(seen, present)) send(view.lineOf(change));
        seen = present;
      };
      sendChanges();
      const unlisten = signalOf(objects, OBJECTS_CHANGED).listen(sendChanges);
      const ending = setTimeout(timeIsOver, seconds * 1000);
      return () => {
        unlisten();
        clearTimeout(ending);
      };
    },
  };
}

/** A client that wants the list within the stream lists by itself once this is refused. */
function refuseInitialEvents(query: URLSearchParams): void {
  if (query.has("sendInitialEvents"))
    throw new StatusError(
      422,
      "ListOptions.meta.k8s.io is invalid: sendInitialEvents: Forbidden: sendInitialEvents is not emulated by the sandbox",
    );
}

function viewOf({ objects, type, attributes, query, accept }: ObjectRequest): View {
  const chosen = selectorTest(query);
  const namespace = type.namespaced ? attributes.namespace : "";
  const shown = (object: KubernetesObject) =>
    wantsTable(accept)
      ? tableOf(type, [object], object.metadata.resourceVersion ?? "", new Date())
      : object;
  return {
    look: () =>
      new Map(
        objectsOf(objects.state, type.group, type.resource, namespace)
          .filter(chosen)
          .map((object) => [addressOf(object), object]),
      ),
    lineOf: ({ type: what, object }) =>
      `${JSON.stringify({ type: what, object: shown(object) })}\n`,
  };
}

function secondsOf(query: URLSearchParams): number {
  const text = query.get("timeoutSeconds") ?? String(DEFAULT_SECONDS);
  if (!/^\d{1,6}$/.test(text))
    throw new StatusError(400, `timeoutSeconds: ${text} is not a number`);
  return Number(text);
}

function versionSince(query: URLSearchParams): number {
  const since = Number(query.get("resourceVersion") || 0);
  if (Number.isInteger(since)) return since;
  throw new StatusError(400, `resourceVersion: ${query.get("resourceVersion")} is not a version`);
}

/** The objects that a client of version `since` has seen: nothing for 0. */
function seenAt(since: number, present: Seen): Seen {
  return new Map([...present].filter(([, object]) => versionOf(object) <= since));
}
