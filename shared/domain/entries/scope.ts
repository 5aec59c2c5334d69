/**
 * Set operations on access scopes. A scope is a set of elements: `cluster`, or `ns/<pattern>`. The
 * empty set means no association, and never the whole cluster.
 */

import type { AccessScope } from "../requests/request.ts";
import { type ElementSet, minus, setOf, unionOf } from "../values/element-set.ts";
import { patternCovers } from "../values/namespace-pattern.ts";

const CLUSTER = "cluster";
const NAMESPACE = "ns/";

/** EKS keeps one type per association: the whole cluster absorbs its namespaces. */
const normalised = (elements: ElementSet): ElementSet =>
  elements.includes(CLUSTER) ? [CLUSTER] : elements;

export function scopeElements(scope: AccessScope): ElementSet {
  return scope.type === "cluster" ? [CLUSTER] : setOf(scope.namespaces.map((n) => NAMESPACE + n));
}

/** The scope of several grants and a baseline together, on one association. */
export function scopeUnion(...scopes: readonly ElementSet[]): ElementSet {
  return normalised(unionOf(...scopes));
}

/** Elements of `a` that `b` does not cover: none if `b` is the whole cluster. */
export function scopeRemainder(a: ElementSet, b: ElementSet): ElementSet {
  return b.includes(CLUSTER) ? [] : minus(a, b);
}

/** Whether `outer` covers all of `inner`. Namespace patterns are compared as text. */
export function scopeCovers(outer: ElementSet, inner: ElementSet): boolean {
  return scopeRemainder(inner, outer).length === 0;
}

/** Whether `outer` covers one element. */
export const covers = (outer: ElementSet, element: string): boolean =>
  outer.includes(CLUSTER) || outer.includes(element);

/**
 * Whether `outer` permits one element, where `covers` compares texts: `ns/app-*` permits `ns/app-a`. For
 * sentences about what somebody can do, never for what to add or remove.
 */
export const reaches = (outer: ElementSet, element: string): boolean =>
  covers(outer, element) ||
  (element.startsWith(NAMESPACE) && outer.some((each) => patternCovers(each, element)));

/** The scope as EKS expresses it; undefined if there should be no association. */
export function scopeFromElements(elements: ElementSet): AccessScope | undefined {
  if (elements.length === 0) return undefined;
  if (elements.includes(CLUSTER)) return { type: "cluster" };
  return { type: "namespace", namespaces: elements.map((e) => e.slice(NAMESPACE.length)) };
}
