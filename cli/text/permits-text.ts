/** Kubernetes permissions, in few lines. */

import { visible } from "../../shared/domain/values/visible-text.ts";
import type { KubernetesRule } from "../../shared/http/contract/answers.ts";
import type { Fact } from "../terminal/facts.ts";
import { truncate, widthOf } from "../terminal/text-layout.ts";

/** Sets of verbs that have one short word; `PERMITS_LEGEND` explains them. */
const SETS = [
  ["everything", ["*"]],
  ["read", ["get", "list", "watch"]],
  ["write", ["create", "update", "patch", "delete", "deletecollection"]],
] as const;

export const PERMITS_LEGEND = SETS.filter(([, verbs]) => verbs.length > 1)
  .map(([word, verbs]) => `${word}: ${verbs.join(", ")}`)
  .join("; ");

/** Whether the text has a word that `PERMITS_LEGEND` explains. */
export const isShortened = (verbs: string): boolean => /\b(?:read|write)\b/.test(verbs);

/** `read, write`, and separately the verbs that belong to no complete set. */
function verbTexts(verbs: ReadonlySet<string>): readonly string[] {
  const whole = SETS.filter(([, set]) => set.every((verb) => verbs.has(verb)));
  const named = new Set<string>(whole.flatMap(([, set]) => set));
  const single = [...verbs].filter((verb) => !named.has(verb)).toSorted();
  return [whole.map(([word]) => word), single.map(visible)]
    .filter((words) => words.length > 0)
    .map((words) => words.join(", "));
}

const groupText = (group: string) => (group === "*" ? "every API group" : visible(group));
const resourceText = (resource: string) =>
  resource === "*" ? "every resource" : visible(resource);

/**
 * Verbs, and the resources that they are allowed on: a line for each API group. Several rules about
 * one resource are merged.
 */
export function permitFacts(rules: readonly KubernetesRule[]): readonly Fact[] {
  const verbsOf = new Map<string, { group: string; resource: string; verbs: Set<string> }>();
  const allow = (group: string, resource: string, verbs: readonly string[]) => {
    const key = JSON.stringify([group, resource]);
    const known = verbsOf.get(key) ?? { group, resource, verbs: new Set<string>() };
    for (const verb of verbs) known.verbs.add(verb);
    verbsOf.set(key, known);
  };
  for (const { apiGroups, resources, nonResourceURLs, verbs } of rules) {
    for (const group of apiGroups)
      for (const resource of resources) allow(groupText(group), resourceText(resource), verbs);
    for (const url of nonResourceURLs) allow("URLs", visible(url), verbs);
  }
  const lines = new Map<string, Map<string, string[]>>();
  for (const { group, resource, verbs } of verbsOf.values())
    for (const text of verbTexts(verbs)) {
      const groups = lines.get(text) ?? new Map<string, string[]>();
      groups.set(group, [...(groups.get(group) ?? []), resource]);
      lines.set(text, groups);
    }
  return [...lines]
    .toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .flatMap(([verbs, groups]) =>
      [...groups]
        .toSorted(([a], [b]) => a.localeCompare(b))
        .map(([group, resources], at): Fact => {
          const named = resources.toSorted().join(", ");
          return [at === 0 ? verbs : "", group === "" ? named : `${group}: ${named}`];
        }),
    );
}

/** The widest permissions come first. */
const rank = (verbs: string) =>
  verbs.startsWith("everything") ? 0 : verbs.includes("write") ? 1 : verbs.includes("read") ? 2 : 3;

/**
 * On one line of at most `width` columns: `read, write on pods, secrets and 31 more; read on 27`. A
 * resource that does not fit is left out, as `…` says.
 */
export function permitLine(rules: readonly KubernetesRule[], width: number): string {
  const byVerbs = new Map<string, string[]>();
  let verbs = "";
  for (const [name, resources] of permitFacts(rules)) {
    verbs = name || verbs;
    byVerbs.set(verbs, [...(byVerbs.get(verbs) ?? []), ...resources.split(", ")]);
  }
  const parts = [...byVerbs].map(
    ([name, on], at) => `${name} on ${at === 0 ? fewOf(on) : on.length}`,
  );
  const cut = (count: number) =>
    parts.slice(0, count).join("; ") + (count < parts.length ? "; …" : "");
  let count = parts.length;
  while (count > 1 && widthOf(cut(count)) > width) count -= 1;
  return truncate(cut(count), width);
}

const SHOWN = 2;

const fewOf = (names: readonly string[]) =>
  names.length <= SHOWN + 1
    ? names.join(", ")
    : `${names.slice(0, SHOWN).join(", ")} and ${names.length - SHOWN} more`;
