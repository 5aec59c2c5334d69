/** What must go from an access entry, and the calls that take it. Pure. */

import { type ElementSet, EMPTY, setOf, unionOf } from "../values/element-set.ts";
import { GROUPS } from "./access.ts";
import type { Reading } from "./actual-entry.ts";
import { type Entitlement, lentBy, reachedOn } from "./entitlement.ts";
import { baselineOf, possibleOn, presentOn } from "./knowledge.ts";
import type { Ledger } from "./ledger.ts";
import { unknownTargets } from "./observe.ts";
import { covers, scopeRemainder, scopeUnion } from "./scope.ts";
import { type EntryStep, stepTo } from "./step.ts";

/** What the plan is made from. */
export interface Situation {
  readonly ledger: Ledger;
  readonly entitlements: readonly Entitlement[];
  /** The read that the ledger was brought up to; undefined where none counts: we go on blind. */
  readonly reading: Reading | undefined;
}

/** What a removal may not use, since AWS refused it a moment ago. */
export interface Refused {
  /** AWS refused to delete the entry: its contents go by calls that need no tag. */
  readonly deletion: boolean;
  /** Targets that AWS refused to narrow: the association goes whole, where it is all ours. */
  readonly narrowing: ReadonlySet<string>;
}

export const NOTHING_REFUSED: Refused = { deletion: false, narrowing: new Set() };

/** The calls that take away what nothing explains any more. A removal waits for no proof. */
export function planRemovals(situation: Situation, refused: Refused): readonly EntryStep[] {
  if (mayDelete(situation) && !refused.deletion) return [{ kind: "delete-entry" }];
  return excessTargets(situation).flatMap((target) => removalFrom(situation, target, refused));
}

/**
 * Targets on which there is more than the baseline and live grants explain.
 *
 * @param elementsOn what counts as being there; by default also what may still land
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

/** Our own entry goes as a whole once nobody needs it: no grant, and nobody else. */
export function mayDelete({ ledger, entitlements, reading }: Situation): boolean {
  if (!ledger.entry.owned || reading?.entry?.accessEntryArn !== ledger.entry.arn) return false;
  // A grant that began by a clock ahead of ours is not live yet, and lent all the same.
  const isLent = entitlements.some(({ isLive }) => isLive) || lentBy(entitlements).length > 0;
  return !isLent && !isUsedByOthers(ledger, reading);
}

/** Whether others have something on the entry. */
export const isUsedByOthers = (ledger: Ledger, reading: Reading): boolean =>
  unknownTargets(ledger, reading).length > 0 ||
  Object.keys(ledger.targets).some((target) => baselineOf(ledger, target).length > 0);

/** Never adds: of what is wanted, only what is there already stays. */
function removalFrom(
  { ledger, entitlements, reading }: Situation,
  target: string,
  { narrowing }: Refused,
): readonly EntryStep[] {
  const present = presentOn(ledger, target);
  const kept = wantedOn(ledger, entitlements, target).filter((each) => covers(present, each));
  const isAllOurs = baselineOf(ledger, target).length === 0;
  const left = narrowing.has(target) && isAllOurs ? EMPTY : setOf(kept);
  const entry = reading?.entry;
  // Without a read we know neither what others have there, nor the username.
  const isBlind = entry === undefined;
  if (isBlind && left.length > 0) return [];
  if (target === GROUPS && isBlind && !ledger.entry.owned) return [];
  return [stepTo(target, left, entry?.username ?? null)];
}
