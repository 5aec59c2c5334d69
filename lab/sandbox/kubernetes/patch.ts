/**
 * Patches as kubectl sends them: JSON merge patch (RFC 7396), and Kubernetes' strategic merge
 * patch. The second merges some lists by a member of their elements. Source: Kubernetes, "Update
 * API Objects in Place Using kubectl patch", and `k8s.io/apimachinery/pkg/util/strategicpatch`.
 */
import { isDeepStrictEqual } from "node:util";
import { StatusError } from "./status.ts";

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Sets a member as its own, whatever its name. */
const members = (entries: Iterable<readonly [string, unknown]>): Members =>
  Object.fromEntries(entries);

/** RFC 7396: null removes, objects merge, everything else replaces. */
export function mergePatched(target: unknown, patch: unknown): unknown {
  if (!isMembers(patch)) return patch;
  const result = new Map(isMembers(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, mergePatched(result.get(name), value));
  }
  return members(result);
}

/**
 * The lists that are merged, by their member's name, with the member that identifies their
 * elements: `patchMergeKey` in k8s.io/api. Ports have one of the two.
 * A list that is not here is replaced as a whole.
 */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  volumes: ["name"],
  env: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  imagePullSecrets: ["name"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey"],
  secrets: ["name"],
  ports: ["containerPort", "port"],
  conditions: ["type"],
  ownerReferences: ["uid"],
};
const DIRECTIVE = "$patch";
const ORDER = "$setElementOrder/";
const RETAIN = "$retainKeys";

const refused = (why: string): StatusError =>
  new StatusError(400, `the patch cannot be applied: ${why}; nothing was changed`);

/** A strategic merge. Throws 400 for a directive that is not emulated, naming it. */
export function strategicallyPatched(target: unknown, patch: unknown): unknown {
  if (!isMembers(patch)) return patch;
  const { [DIRECTIVE]: directive, [RETAIN]: retained, ...rest } = patch;
  if (directive === "replace") return rest;
  if (directive !== undefined) throw refused(`${DIRECTIVE}: ${String(directive)} is not emulated`);
  const before = isMembers(target) ? Object.entries(target) : [];
  const result = new Map(
    before.filter(([name]) => !Array.isArray(retained) || retained.includes(name)),
  );
  for (const [name, value] of Object.entries(rest)) {
    if (name.startsWith(ORDER)) continue;
    if (name.startsWith("$")) throw refused(`${name} is not emulated`);
    if (value === null) result.delete(name);
    else if (Array.isArray(value) && Object.hasOwn(MERGE_KEYS, name))
      result.set(name, mergedList(name, result.get(name), value, rest[`${ORDER}${name}`]));
    else result.set(name, strategicallyPatched(result.get(name), value));
  }
  return members(result);
}

function mergedList(
  name: string,
  target: unknown,
  patch: readonly unknown[],
  order: unknown,
): readonly unknown[] {
  const keys = MERGE_KEYS[name] ?? [];
  const identity = (element: unknown): unknown => {
    const key = keys.find((one) => isMembers(element) && element[one] !== undefined);
    if (key === undefined || !isMembers(element))
      throw refused(`an element of ${name} lacks its ${keys.join(" or ")}`);
    return element[key];
  };
  if (patch.some((element) => isMembers(element) && element[DIRECTIVE] === "replace"))
    return patch.filter((element) => !(isMembers(element) && DIRECTIVE in element));
  const merged = new Map(
    (Array.isArray(target) ? target : []).map((element) => [identity(element), element]),
  );
  for (const element of patch) {
    const own = identity(element);
    if (isMembers(element) && element[DIRECTIVE] === "delete") merged.delete(own);
    else merged.set(own, strategicallyPatched(merged.get(own), element));
  }
  if (!Array.isArray(order)) return [...merged.values()];
  // Items that the patch does not order keep their place at the end.
  const ordered = order.map(identity).filter((one) => merged.has(one));
  const others = [...merged.keys()].filter((one) => !ordered.includes(one));
  return [...ordered, ...others].map((one) => merged.get(one));
}

/** How each media type of a patch is applied. */
export const PATCH_TYPES: Readonly<Record<string, (target: unknown, patch: unknown) => unknown>> = {
  "application/merge-patch+json": mergePatched,
  "application/strategic-merge-patch+json": strategicallyPatched,
};

/** Equality as the API server has it: whether a write would change anything. */
export const isSame = (one: unknown, other: unknown): boolean => isDeepStrictEqual(one, other);
