import type { Access } from "../requests/request.ts";
import {
  hasWildcard,
  isNamespacePattern,
  patternCovers,
  reachesSystem,
} from "../values/namespace-pattern.ts";
import type { Rule } from "./policy.ts";

/** Whether a rule lends everything that is asked for. */
export function lends({ access: lent }: Pick<Rule, "access">, asked: Access): boolean {
  if ("groups" in asked)
    return (
      "groups" in lent &&
      asked.groups.length > 0 &&
      asked.groups.every((group) => lent.groups.includes(group))
    );
  if (!("policies" in lent) || !lent.policies.includes(asked.policy)) return false;
  if (asked.scope.type === "cluster") return "scope" in lent;
  const { namespaces } = asked.scope;
  if (namespaces.length === 0) return false;
  if ("scope" in lent) return !lent.exactly && namespaces.every(isNamespace);
  return namespaces.every((namespace) =>
    lent.namespaces.some((pattern) => lendsNamespace(pattern, lent.wildcards, namespace)),
  );
}

/** A name, of a namespace of Kubernetes itself too, and no pattern. */
export const isNamespace = (asked: string): boolean =>
  isNamespacePattern(asked) && !hasWildcard(asked);

/**
 * Whether a rule's pattern lends the namespace asked for. With `wildcards` it also lends patterns.
 */
export function lendsNamespace(pattern: string, wildcards: boolean, asked: string): boolean {
  if (!isNamespacePattern(asked)) return false;
  if (pattern === asked && !hasWildcard(asked)) return true;
  if (reachesSystem(asked)) return false;
  return patternCovers(pattern, asked) && (wildcards || !hasWildcard(asked));
}

/** Describes what a rule lends in words. */
export function describeRuleAccess({ access }: Rule): string {
  if ("groups" in access) return `Kubernetes groups ${access.groups.join(", ")}`;
  const where = "scope" in access ? onCluster(access) : `in ${access.namespaces.join(", ")}`;
  return `${access.policies.join(", ")} ${where}`;
}

const onCluster = ({ exactly }: { readonly exactly?: true }): string =>
  exactly ? "on the whole cluster only" : "on the whole cluster";
