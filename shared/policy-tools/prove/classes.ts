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
  readonly note: (principal: string, ways: readonly Way[]) => void;
  /** Those that were noted, the largest first. */
  readonly classes: () => readonly LookedClass[];
}

/** @param kindOf a text that is the same for all principals of a class */
export function lookedAt(
  policy: AccessPolicy,
  kindOf: (principal: string, ways: readonly Way[]) => string,
): Looked {
  const noted: (readonly [string, readonly Way[]])[] = [];
  return {
    note: (principal, ways) => void noted.push([principal, ways]),
    classes: () =>
      [...Map.groupBy(noted, (one) => kindOf(...one)).values()]
        .toSorted((a, b) => b.length - a.length)
        .flatMap((all): readonly LookedClass[] => {
          const [[principal, ways] = []] = all;
          if (principal === undefined || ways === undefined) return [];
          const rules = [...new Set(ways.map(({ rule }) => rule.name))];
          return [{ principals: all.length, people: holdersOf(policy, principal), rules }];
        }),
  };
}
