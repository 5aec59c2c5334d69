/**
 * Kubernetes namespace names, and patterns over them in which `*` is any run of characters.
 * EKS checks neither spelling nor existence, so that a typo would be a grant of nothing.
 */

/** RFC 1123 label: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const NAME = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const PATTERN = /^[-a-z0-9*]{1,63}$/;

export const isNamespaceName = (text: string) => NAME.test(text);

/** A name, or a name with at least one `*` in it. */
export const isNamespacePattern = (text: string) =>
  isNamespaceName(text) || (text.includes("*") && PATTERN.test(text));

export const hasWildcard = (pattern: string) => pattern.includes("*");

/** Kubernetes' own namespaces: only a rule that names one in full lends it. */
const SYSTEM_PREFIX = "kube-";

/** Whether some name that `pattern` covers is, or may be, a system namespace. */
export function reachesSystem(pattern: string): boolean {
  const literal = pattern.split("*", 1)[0] ?? "";
  return hasWildcard(pattern)
    ? literal.startsWith(SYSTEM_PREFIX) || SYSTEM_PREFIX.startsWith(literal)
    : pattern.startsWith(SYSTEM_PREFIX);
}

/**
 * Whether every name that `inner` covers is covered by `outer`; `inner` may hold wildcards too.
 * A `*` of `inner` can only be matched by a `*` of `outer`, which makes this a text match.
 */
export function patternCovers(outer: string, inner: string): boolean {
  const source = outer.split("*").map(escapeLiteral).join("[-a-z0-9*]*");
  return new RegExp(`^${source}$`).test(inner);
}

const escapeLiteral = (text: string) => text.replace(/[^a-z0-9]/g, "\\$&");
