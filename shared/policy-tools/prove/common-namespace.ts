/** Whether patterns of namespaces have a name in common, and one such name. */

import { keptByKey } from "../../domain/policy/kept.ts";
import {
  hasWildcard,
  isNamespaceName,
  SYSTEM_PREFIX,
} from "../../domain/values/namespace-pattern.ts";

/** Patterns as rules lend them, or as a claim names them. */
export interface Pattern {
  readonly text: string;
  /** A rule's pattern lends no namespace of Kubernetes itself: only a rule that spells one out does. */
  readonly isOfRule: boolean;
}

/** RFC 1123: a label has at most 63 characters. */
const LONGEST = 63;

/** Letters that no pattern names behave alike, so one of them stands for all. */
const OTHERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/**
 * A shortest valid name that all patterns cover; undefined where there is no such name. Hundreds of people
 * may have the grants of one rule, so an answer is kept.
 */
export const commonNamespace = keptByKey(
  (patterns: readonly Pattern[]) =>
    patterns.map(({ text, isOfRule }) => `${text} ${isOfRule}`).join(),
  shortestIn,
);

/** Walks all patterns at once, letter by letter, the shortest names first. */
function shortestIn(patterns: readonly Pattern[]): string | undefined {
  const literal = patterns.find(({ text }) => !hasWildcard(text));
  if (literal)
    return isNamespaceName(literal.text) && isCommon(patterns, literal.text)
      ? literal.text
      : undefined;
  const letters = lettersOf(patterns);
  const first: Walk = { name: "", at: patterns.map(({ text }) => closure(text, [0])) };
  let names: ReadonlyMap<string, Walk> = new Map([[keyOf(first.at), first]]);
  const seen = new Set(names.keys());
  for (let length = 1; length <= LONGEST; length += 1) {
    const next = new Map<string, Walk>();
    for (const walk of names.values())
      for (const letter of nextLetters(patterns, walk) ?? letters) {
        // A name begins with a letter or a digit.
        if (walk.name === "" && letter === "-") continue;
        const step = stepOf(patterns, walk, letter);
        if (!step) continue;
        if (isNamespaceName(step.name) && isCommon(patterns, step.name)) return step.name;
        const key = keyOf(step.at) + systemKey(step.name);
        if (seen.has(key)) continue;
        seen.add(key);
        next.set(key, step);
      }
    names = next;
  }
  return undefined;
}

/** A name so far, and for each pattern the places of it up to which the name may have come. */
interface Walk {
  readonly name: string;
  readonly at: readonly (readonly number[])[];
}

/** Whether all patterns cover a name. */
const isCommon = (patterns: readonly Pattern[], name: string): boolean =>
  patterns.every(({ text, isOfRule }) => {
    if (text === name) return true;
    if (!hasWildcard(text) || (isOfRule && name.startsWith(SYSTEM_PREFIX))) return false;
    return isMatched(text, name);
  });

const isMatched = (text: string, name: string): boolean => {
  let at: readonly number[] = closure(text, [0]);
  for (const letter of name) at = advance(text, at, letter);
  return at.includes(text.length);
};

/** The letters that a pattern without a `*` here goes on with; undefined where each of them has one. */
function nextLetters(patterns: readonly Pattern[], { at }: Walk): readonly string[] | undefined {
  for (const [index, { text }] of patterns.entries()) {
    const next = (at[index] ?? []).map((place) => text[place]);
    if (!next.includes("*")) return next.flatMap((letter) => letter ?? []);
  }
  return undefined;
}

function stepOf(patterns: readonly Pattern[], walk: Walk, letter: string): Walk | undefined {
  const at = patterns.map(({ text }, index) => advance(text, walk.at[index] ?? [], letter));
  return at.some((places) => places.length === 0) ? undefined : { name: walk.name + letter, at };
}

/** A `*` matches nothing, too. */
function closure(text: string, places: readonly number[]): readonly number[] {
  const all = new Set<number>();
  for (let place of places) {
    all.add(place);
    while (text[place] === "*") {
      place += 1;
      all.add(place);
    }
  }
  return [...all].toSorted((a, b) => a - b);
}

const advance = (text: string, places: readonly number[], letter: string): readonly number[] =>
  closure(
    text,
    places.flatMap((place) =>
      text[place] === "*" ? [place] : text[place] === letter ? [place + 1] : [],
    ),
  );

/** Two prefixes differ only if one is still that of Kubernetes' namespaces. */
const systemKey = (name: string): string =>
  SYSTEM_PREFIX.startsWith(name) || name.startsWith(SYSTEM_PREFIX)
    ? name.slice(0, SYSTEM_PREFIX.length)
    : "";

const keyOf = (at: Walk["at"]): string => at.map((places) => places.join(",")).join(";");

function lettersOf(patterns: readonly Pattern[]): readonly string[] {
  const named = new Set(patterns.flatMap(({ text }) => [...text]));
  const other = [...OTHERS].find((letter) => !named.has(letter) && !SYSTEM_PREFIX.includes(letter));
  named.delete("*");
  return [...new Set([...named, ...(other ? [other] : []), "-", ...SYSTEM_PREFIX])];
}
