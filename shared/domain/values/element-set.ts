/**
 * Small sets of names as sorted arrays without duplicates. They compare by value and need no
 * conversion to JSON.
 */
export type ElementSet = readonly string[];

export const EMPTY: ElementSet = [];

export function setOf(elements: Iterable<string>): ElementSet {
  return [...new Set(elements)].sort();
}

export function unionOf(...sets: readonly ElementSet[]): ElementSet {
  return setOf(sets.flat());
}

export function minus(a: ElementSet, b: ElementSet): ElementSet {
  const taken = new Set(b);
  return a.filter((element) => !taken.has(element));
}

export function sameSet(a: ElementSet, b: ElementSet): boolean {
  return a.length === b.length && a.every((element, at) => element === b[at]);
}
