import type { Entitlement } from "../../domain/entries/entitlement.ts";
import { quietFrom } from "../../domain/entries/forget.ts";
import { knownElement } from "../../domain/entries/knowledge.ts";
import { type Lag, later, visibleFrom } from "../../domain/entries/lag.ts";
import { isEmpty, type Ledger } from "../../domain/entries/ledger.ts";
import { excessTargets } from "../../domain/entries/plan-removals.ts";
import { ownElements } from "../../domain/entries/proof.ts";
import type { ElementSet } from "../../domain/values/element-set.ts";
import { earliest } from "../../domain/values/instant.ts";
import type { BindingView } from "../../ports/binding-store.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * The times at which a read can prove the facts that are still open: the end of grants, and that the ledger can be
 * emptied. An end is checked at most one read lag from now. The last call may have been answered, even if an
 * earlier one can still land much later.
 */
export function confirmationTimes(
  { ledger, entitlements }: Snapshot,
  now: string,
  lag: Lag,
): readonly string[] {
  const soonest = visibleFrom(now, lag);
  const over = entitlements.filter(({ isOver, hasBegun }) => isOver && hasBegun);
  const ends = over
    .map((each) => shownFrom(each, ledger, entitlements))
    .map((at) => earliest([at, soonest]) ?? soonest);
  const isLeft =
    !isEmpty(ledger) && !entitlements.some(({ hasBegun, isLive }) => hasBegun || isLive);
  return isLeft ? [...ends, quietFrom(ledger)] : ends;
}

/**
 * The times to come from which a read must show access that was added and that no read has shown yet. A run that comes
 * sooner, for another reason, leaves these looks where they are.
 */
export const appearanceTimes = (
  { ledger, open, entitlements }: Snapshot,
  now: string,
): readonly string[] =>
  open.flatMap(({ state }, at) => {
    const own = entitlements[at];
    if (state !== "approved" || !own?.isLive || !own.hasBegun) return [];
    const from = certainFrom(ledger, own.target, own.elements, ledger.entry.createUntil);
    return from > now ? from : [];
  });

/** From this time on, a read shows that a grant's access is gone, if it is. */
const shownFrom = (
  own: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
): string => {
  const elements = ownElements(own, ledger, entitlements);
  return certainFrom(ledger, own.target, elements, ledger.entry.deleteUntil);
};

/** From this time on, reads of the elements are certain. @param entry the same for the entry itself */
const certainFrom = (ledger: Ledger, target: string, elements: ElementSet, entry: string): string =>
  elements
    .map((element) => knownElement(ledger, target, element))
    .map(({ carriedUntil, presenceFrom }) => later(carriedUntil, presenceFrom))
    .reduce(later, entry);

/**
 * The due time of a binding whose access has all expired and was removed, if nothing has happened since it was
 * parked. A second message for the same end then costs no call.
 */
export function provableLater(
  { ledger, open, entitlements, now }: Snapshot,
  { dueAt }: Pick<BindingView, "dueAt">,
): string | undefined {
  if (dueAt === null || dueAt <= now || ledger.entry.owned) return undefined;
  const isExpired = open.every(({ outcome }) => outcome?.code === "expired");
  const isOver = entitlements.every((each) => each.isOver && each.hasBegun);
  const excess = excessTargets({ ledger, entitlements, reading: undefined });
  return isExpired && isOver && excess.length === 0 ? dueAt : undefined;
}
