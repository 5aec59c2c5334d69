import type { AccessScope } from "./state.ts";

/**
 * Whether an association of this scope reaches into a namespace. Cluster scope reaches into all;
 * a request outside any namespace is not for this function to judge.
 */
export function scopeCoversNamespace(scope: AccessScope, namespace: string): boolean {
  return (
    scope.type === "cluster" ||
    scope.namespaces.some((pattern) => matchesWildcard(pattern, namespace))
  );
}

/**
 * `*` matches any run of characters, also an empty one; everything else matches itself, case
 * included. The EKS user guide ("Associate access policies with access entries") allows wildcards,
 * and does not publish their finer rules. Takes each literal piece at its first place, so that a
 * hostile pattern costs no more than pattern times text.
 */
function matchesWildcard(pattern: string, value: string): boolean {
  const [first = "", ...pieces] = pattern.split("*");
  const last = pieces.pop();
  if (last === undefined) return value === first;
  if (value.length < first.length + last.length) return false;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  const middle = value.slice(first.length, value.length - last.length);
  let from = 0;
  for (const piece of pieces) {
    const at = middle.indexOf(piece, from);
    if (at === -1) return false;
    from = at + piece.length;
  }
  return true;
}
