/** The calls that change an access entry, as data. */

import type { AccessScope } from "../requests/request.ts";
import { type ElementSet, EMPTY } from "../values/element-set.ts";
import { GROUPS, groupElements, groupsFromElements } from "./access.ts";
import { scopeElements, scopeFromElements } from "./scope.ts";

export type EntryStep =
  | { readonly kind: "delete-entry" }
  | { readonly kind: "disassociate"; readonly target: string }
  | { readonly kind: "create-entry"; readonly token: string }
  | {
      readonly kind: "associate";
      readonly target: string;
      readonly scope: AccessScope;
      /**
       * Namespaces that should be present, but that the scope `cluster` covers without listing
       * them.
       */
      readonly absorbed: ElementSet;
    }
  | {
      readonly kind: "update-groups";
      readonly groups: readonly string[];
      /** The username as read; null lets EKS generate it. */
      readonly username: string | null;
    };

/** The target that a step changes; undefined for a step on the entry itself. */
export function targetOf(step: EntryStep): string | undefined {
  if ("target" in step) return step.target;
  return step.kind === "update-groups" ? GROUPS : undefined;
}

/** The elements on the target after the step has taken effect. */
export function carriedBy(step: EntryStep): ElementSet {
  if (step.kind === "associate") return scopeElements(step.scope);
  return step.kind === "update-groups" ? groupElements(step.groups) : EMPTY;
}

/**
 * The call that leaves exactly these elements on a target. Associating again changes the scope in
 * place; disassociating first would interrupt access.
 *
 * @param wanted all elements, before the whole cluster absorbs its namespaces
 */
export function stepTo(target: string, wanted: ElementSet, username: string | null): EntryStep {
  if (target === GROUPS)
    return { kind: "update-groups", groups: groupsFromElements(wanted), username };
  const scope = scopeFromElements(wanted);
  if (!scope) return { kind: "disassociate", target };
  const named = scopeElements(scope);
  return {
    kind: "associate",
    target,
    scope,
    absorbed: wanted.filter((element) => !named.includes(element)),
  };
}
