/** The principals that a proof looked at, by classes of those that are alike to it. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { holdersOf } from "../../domain/policy/policy-index.ts";
import type { Way } from "./ways.ts";

/** Principals that the same people can have the same access lent to. One of them stands for all. */
export interface LookedClass {
  /** How many principals it has. */
  readonly principals: number;
  /** The people who list the first of them. */
  readonly people: readonly string[];
  /** The rules that lend to each of them on the claim's cluster. */
  readonly rules: readonly string[];
}

export interface Looked {
  /** Takes a principal, with a text that is the same for all of its class. */
  readonly note: (kind: string, principal: string, ways: readonly Way[]) => void;
  /** Those that were noted, the largest first. */
  readonly classes: () => readonly LookedClass[];
}

export function lookedAt(policy: AccessPolicy): Looked {
  const found = new Map<string, { principal: string; ways: readonly Way[]; count: number }>();
  return {
    note(kind, principal, ways) {
      const known = found.get(kind);
      if (known) known.count += 1;
      else found.set(kind, { principal, ways, count: 1 });
    },
    classes: () =>
      [...found.values()]
        .toSorted((a, b) => b.count - a.count)
        .map(({ principal, ways, count }) => ({
          principals: count,
          people: holdersOf(policy, principal),
          rules: [...new Set(ways.map(({ rule }) => rule.name))],
        })),
  };
}
