/**
 * Kubernetes namespace names, and patterns in which `*` matches any characters. EKS checks neither
 * spelling nor existence, so a misspelt namespace would be granted without an error.
 */

/** RFC 1123 label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const PATTERN = /^[-a-z0-9*]{1,63}$/;

export const isNamespaceName = (text: string) => NAME.test(text);

/** A name, or a name with at least one `*` in it. */
export const isNamespacePattern = (text: string) =>
  isNamespaceName(text) || (text.includes("*") && PATTERN.test(text));

export const hasWildcard = (pattern: string) => pattern.includes("*");

/** Kubernetes' own namespaces. Only a rule that spells one out lends it. */
export const SYSTEM_PREFIX = "kube-";

/** Whether some name that `pattern` covers is, or may be, a system namespace. */
export function reachesSystem(pattern: string): boolean {
  const literal = pattern.split("*", 1)[0] ?? "";
  return hasWildcard(pattern)
    ? literal.startsWith(SYSTEM_PREFIX) || SYSTEM_PREFIX.startsWith(literal)
    : pattern.startsWith(SYSTEM_PREFIX);
}

const CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789-";

/**
 * Patterns that cover each name and pattern that reaches no system namespace, and nothing else. They say
 * so by the first letter that differs from the system's prefix.
 */
export const outsideSystem = (): readonly string[] =>
  [...SYSTEM_PREFIX].flatMap((next, at) => {
    const before = SYSTEM_PREFIX.slice(0, at);
    const others = [...CHARACTERS].filter((one) => one !== next).map((one) => `${before}${one}*`);
    return before === "" ? others : [before, ...others];
  });

/**
 * Whether `outer` covers every name that `inner` covers. `inner` may contain wildcards too.
 * Only a `*` of `outer` can match a `*` of `inner`, so matching the texts is enough.
 */
export function patternCovers(outer: string, inner: string): boolean {
  const [first = "", ...rest] = outer.split("*");
  const last = rest.pop();
  if (last === undefined) return outer === inner;
  if (!inner.startsWith(first)) return false;
  // The earliest place of each literal leaves the most for the next. An expression would try all places.
  let at = first.length;
  for (const literal of rest) {
    const found = inner.indexOf(literal, at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return at + last.length <= inner.length && inner.endsWith(last);
}
