/** Finds what to remove from an access entry, and plans the calls that do it. Pure. */

import { type ElementSet, EMPTY, minus, setOf, unionOf } from "../values/element-set.ts";
import { GROUPS } from "./access.ts";
import type { Reading } from "./actual-entry.ts";
import { type Entitlement, lentBy, reachedOn } from "./entitlement.ts";
import { baselineOf, possibleOn, presentOn } from "./knowledge.ts";
import type { Ledger } from "./ledger.ts";
import { unknownTargets } from "./observe.ts";
import { scopeRemainder, scopeUnion } from "./scope.ts";
import { carriedBy, type EntryStep, stepTo, targetOf } from "./step.ts";

/** The facts that the plan is based on. */
export interface Situation {
  readonly ledger: Ledger;
  readonly entitlements: readonly Entitlement[];
  /**
   * The read that the ledger reflects; undefined if none counts, so the plan is made without one.
   */
  readonly reading: Reading | undefined;
}

/** Calls that this removal avoids, because AWS has just refused them. */
export interface Refused {
  /** AWS refused to delete the entry. Its content is removed by calls that need no tag. */
  readonly deletion: boolean;
  /**
   * Targets that AWS refused to narrow. If nothing else is on one, its whole association is
   * removed.
   */
  readonly narrowing: ReadonlySet<string>;
}

export const NOTHING_REFUSED: Refused = { deletion: false, narrowing: new Set() };

/**
 * The calls that remove what nothing explains any more. A removal never waits for proof. A call that
 * may give back what no read shows any more comes after the others.
 */
export function planRemovals(situation: Situation, refused: Refused): readonly EntryStep[] {
  if (mayDelete(situation) && !refused.deletion) return [{ kind: "delete-entry" }];
  const targets = excessTargets(situation);
  const restoring = targets.filter((target) => mayRestore(situation, target));
  return [...targets.filter((target) => !restoring.includes(target)), ...restoring].flatMap(
    (target) => removalFrom(situation, target, refused),
  );
}

/** Whether narrowing a target carries an element that the read does not show. */
function mayRestore(situation: Situation, target: string): boolean {
  const shown = situation.reading?.entry?.targets[target] ?? EMPTY;
  return scopeRemainder(keptOn(situation, target), shown).length > 0;
}

/**
 * Targets with more elements than the baseline and live grants explain.
 *
 * @param elementsOn which elements count as present; by default also those that may still land
 */
export const excessTargets = (
  { ledger, entitlements }: Situation,
  elementsOn: (ledger: Ledger, target: string) => ElementSet = possibleOn,
): readonly string[] =>
  Object.keys(ledger.targets)
    .sort()
    .filter((target) => {
      const wanted = scopeUnion(wantedOn(ledger, entitlements, target));
      return scopeRemainder(elementsOn(ledger, target), wanted).length > 0;
    });

const wantedOn = (
  ledger: Ledger,
  entitlements: readonly Entitlement[],
  target: string,
): ElementSet => unionOf(baselineOf(ledger, target), reachedOn(lentBy(entitlements), target));

/** Our own entry is deleted as a whole once no grant and nobody else needs it. */
export function mayDelete({ ledger, entitlements, reading }: Situation): boolean {
  if (!ledger.entry.owned || reading?.entry?.accessEntryArn !== ledger.entry.arn) return false;
  // A grant begun by a faster clock is not live yet by ours, but its access is lent.
  const isLent = entitlements.some(({ isLive }) => isLive) || lentBy(entitlements).length > 0;
  return !isLent && !isUsedByOthers(ledger, reading);
}

/** Whether someone else has access on the entry. */
export const isUsedByOthers = (ledger: Ledger, reading: Reading): boolean =>
  unknownTargets(ledger, reading).length > 0 ||
  Object.keys(ledger.targets).some((target) => baselineOf(ledger, target).length > 0);

/**
 * Wanted elements that are present, as far as we know, or that the read shows. A narrowing never adds others. One without
 * an answer may have set what it left, and the ledger does not know that: taken again, it would leave less. While the
 * principal or the cluster is in doubt, it carries no lent element that the read does not show: the role may be another.
 */
function keptOn({ ledger, entitlements, reading }: Situation, target: string): ElementSet {
  const wanted = wantedOn(ledger, entitlements, target);
  const shown = reading?.entry?.targets[target] ?? EMPTY;
  const present = presentOn(ledger, target);
  const others = minus(present, scopeRemainder(present, baselineOf(ledger, target)));
  const carried = unionOf(ledger.doubt === null ? present : others, shown);
  return minus(wanted, scopeRemainder(wanted, carried));
}

function removalFrom(
  situation: Situation,
  target: string,
  { narrowing }: Refused,
): readonly EntryStep[] {
  const { ledger, reading } = situation;
  const kept = keptOn(situation, target);
  const isAllOurs = baselineOf(ledger, target).length === 0;
  const left = narrowing.has(target) && isAllOurs ? EMPTY : setOf(kept);
  const entry = reading?.entry;
  // Without a read we know neither what others put there nor the username.
  const isBlind = entry === undefined;
  const mayHideOthers = left.length > 0 || ledger.unsureSince !== undefined;
  if (isBlind && mayHideOthers) return [];
  if (target === GROUPS && isBlind && !ledger.entry.owned) return [];
  return [stepTo(target, left, entry?.username ?? null)];
}

/** The outcome of a planned removal that goes without a save. */
export type BareRemoval =
  | { readonly kind: "step"; readonly step: EntryStep }
  /** Its target holds what its owner added, which only a call that carries it can leave there. */
  | { readonly kind: "needs-save"; readonly target: string };

/**
 * The call in place of a removal that no save announces. It carries nothing: a call that lands late
 * then gives nothing back. Where all on a target is ours, all of it goes, also access that is still
 * lent. The next run with room adds that again.
 */
export function bareRemoval(ledger: Ledger, step: EntryStep): BareRemoval {
  const target = targetOf(step);
  if (target === undefined || carriedBy(step).length === 0) return { kind: "step", step };
  if (baselineOf(ledger, target).length > 0) return { kind: "needs-save", target };
  const username = step.kind === "update-groups" ? step.username : null;
  return { kind: "step", step: stepTo(target, EMPTY, username) };
}
