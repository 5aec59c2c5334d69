/** What should be, and the calls that make it so. Pure: the same input gives the same steps. */
import { GROUPS, groupsFromElements } from "./access.ts";
import { type Claim, claimed } from "./claim.ts";
import { type ElementSet, EMPTY, minus, sameSet } from "./element-set.ts";
import type { Ledger } from "./ledger.ts";
import type { ActualEntry } from "./observe.ts";
import type { AccessScope } from "./request.ts";
import { scopeFromElements, scopeUnion } from "./scope.ts";

/** By target, what its elements should be. Targets that no grant touches are not in it. */
export type Desired = Readonly<Record<string, ElementSet>>;

/** The union of the baseline and of the grants that are live, on every target the ledger holds. */
export function desiredOf(ledger: Ledger, claims: readonly Claim[]): Desired {
  const live = claims.filter((claim) => claim.live);
  return Object.fromEntries(
    Object.entries(ledger.targets).map(([target, { baseline }]) => [
      target,
      scopeUnion(baseline, claimed(live, target)),
    ]),
  );
}

export type EntryStep =
  | { readonly kind: "disassociate"; readonly target: string }
  | { readonly kind: "associate"; readonly target: string; readonly scope: AccessScope }
  | { readonly kind: "create-entry"; readonly groups: readonly string[] }
  | { readonly kind: "update-groups"; readonly groups: readonly string[] }
  | { readonly kind: "delete-entry" };

export interface Plan {
  /** In the order in which they are taken: removals first, deletion of the entry last. */
  readonly steps: readonly EntryStep[];
  /** Others use the entry that we made: it is theirs from now on. */
  readonly adopted: boolean;
}

/** Within one run, access that should go goes before access that should come. */
const RANK = { remove: 0, add: 1 } as const;

/** The steps from `actual` to `desired`. */
export function planSteps(desired: Desired, actual: ActualEntry | undefined, ledger: Ledger): Plan {
  const wanted = Object.values(desired).some((elements) => elements.length > 0);
  if (!actual) return { steps: wanted ? creation(desired) : [], adopted: false };
  const others = Object.entries(actual.targets).some(
    ([target, elements]) => elements.length > 0 && !(target in desired),
  );
  if (ledger.owned && !wanted && !others)
    return { steps: [{ kind: "delete-entry" }], adopted: false };
  const baselines = Object.values(ledger.targets).flatMap(({ baseline }) => baseline);
  const lent = Object.entries(desired).some(
    ([target, elements]) => minus(elements, ledger.targets[target]?.baseline ?? EMPTY).length > 0,
  );
  const adopted = ledger.owned && !lent && (others || baselines.length > 0);
  return { steps: changes(desired, actual), adopted };
}

function creation(desired: Desired): readonly EntryStep[] {
  const groups = groupsFromElements(desired[GROUPS] ?? EMPTY);
  return [
    { kind: "create-entry", groups },
    ...Object.entries(desired)
      .filter(([target]) => target !== GROUPS)
      .flatMap(([target, elements]) => associate(target, elements)),
  ];
}

function changes(desired: Desired, actual: ActualEntry): readonly EntryStep[] {
  return Object.entries(desired)
    .flatMap(([target, elements]) => {
      const found = actual.targets[target] ?? EMPTY;
      if (sameSet(found, elements)) return [];
      const rank = minus(elements, found).length > 0 ? RANK.add : RANK.remove;
      return stepsTo(target, elements).map((step) => ({ rank, step }));
    })
    .sort((a, b) => a.rank - b.rank)
    .map(({ step }) => step);
}

function stepsTo(target: string, elements: ElementSet): readonly EntryStep[] {
  if (target === GROUPS) return [{ kind: "update-groups", groups: groupsFromElements(elements) }];
  return elements.length === 0 ? [{ kind: "disassociate", target }] : associate(target, elements);
}

/** Associating again re-scopes in place; disassociating first would open a gap. */
function associate(target: string, elements: ElementSet): readonly EntryStep[] {
  const scope = scopeFromElements(elements);
  return scope ? [{ kind: "associate", target, scope }] : [];
}

/** The target that a step changes; undefined where it is the entry as a whole. */
export function targetOf(step: EntryStep): string | undefined {
  if ("target" in step) return step.target;
  return step.kind === "update-groups" ? GROUPS : undefined;
}
