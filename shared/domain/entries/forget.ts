/** Removes from a ledger what it no longer needs. Pure. */

import type { Entitlement } from "./entitlement.ts";
import { later } from "./lag.ts";
import { type ElementKnowledge, emptied, type Ledger, LONG_AGO } from "./ledger.ts";
import { isUsedByOthers } from "./plan-removals.ts";
import { countingReading, type Sighting } from "./proof.ts";

/** The earliest start of a read that shows the result of every call of ours. */
export const quietFrom = ({ entry, targets, fuses }: Ledger): string =>
  [
    ...Object.values(targets)
      .flatMap((target) => Object.values(target))
      .map(elementQuietFrom),
    ...fuses.flatMap(({ landsUntil }) => landsUntil ?? []),
  ].reduce(later, later(entry.createUntil, entry.deleteUntil));

const elementQuietFrom = ({ carriedUntil, presenceFrom, openUntil }: ElementKnowledge): string =>
  later(later(carriedUntil, presenceFrom), openUntil ?? "");

/**
 * Forgets what no open grant touches and no read can contradict any more. Empties the ledger when
 * no grant is open, no call of ours can land, and the entry is not ours.
 *
 * @param open entitlements of the open grants
 * @param seen the last read that counts; without it nothing is forgotten
 */
export function forget(
  ledger: Ledger,
  open: readonly Entitlement[],
  seen: Sighting | undefined,
): Ledger {
  const ids = new Set(open.map(({ grantId }) => grantId));
  const ofOpen = <Value>(byGrant: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(byGrant).filter(([id]) => ids.has(id)));
  const kept = { ...ledger, begun: ofOpen(ledger.begun), failing: ofOpen(ledger.failing) };
  const reading = countingReading(seen);
  if (!reading) return isUntouched(kept, open) ? emptied(kept) : kept;
  const { begunAt } = reading;
  const targets = Object.entries(kept.targets).flatMap(([target, elements]) => {
    const isTouched = open.some((each) => each.target === target);
    const left = Object.entries(elements).filter(
      ([, element]) => element.state !== "absent" || elementQuietFrom(element) > begunAt,
    );
    const isQuiet = left.every(
      ([, element]) => element.state !== "lent" && elementQuietFrom(element) <= begunAt,
    );
    return !isTouched && isQuiet ? [] : [[target, Object.fromEntries(left)] as const];
  });
  const shorter = { ...kept, targets: Object.fromEntries(targets) };
  return mayEmpty(shorter, open, begunAt) ? emptied(shorter) : shorter;
}

/**
 * The ledger without what its owner removed from the entry, as if it had never been seen. A read
 * that is behind may then show it once more, as a baseline. Used only where a ledger has no room
 * otherwise.
 */
export const withoutRemoved = (ledger: Ledger): Ledger => ({
  ...ledger,
  targets: Object.fromEntries(
    Object.entries(ledger.targets).map(([target, elements]) => [
      target,
      Object.fromEntries(Object.entries(elements).filter(([, each]) => !isOwnersPast(each))),
    ]),
  ),
});

const isOwnersPast = ({ state, carriedUntil, openUntil }: ElementKnowledge): boolean =>
  state === "absent" && carriedUntil === LONG_AGO && openUntil === null;

const mayEmpty = (ledger: Ledger, open: readonly Entitlement[], begunAt: string): boolean =>
  open.length === 0 &&
  !ledger.entry.owned &&
  ledger.fuses.length === 0 &&
  Object.keys(ledger.targets).length === 0 &&
  quietFrom(ledger) <= begunAt;

/** No call was ever made for this ledger, so no read could show anything of ours. */
const isUntouched = (ledger: Ledger, open: readonly Entitlement[]): boolean =>
  open.length === 0 &&
  ledger.fuses.length === 0 &&
  ledger.entry.arn === null &&
  ledger.entry.tokens.length === 0 &&
  Object.keys(ledger.targets).length === 0;

/**
 * Whether an entry of ours now belongs to someone else: they use it and nothing is lent on it. The
 * read must begin after every call of ours is visible.
 */
export function isAdopted(
  ledger: Ledger,
  entitlements: readonly Entitlement[],
  { sight, reading }: Sighting,
): boolean {
  if (sight !== "same" || !ledger.entry.owned) return false;
  if (entitlements.some(({ isLive, hasBegun }) => isLive || hasBegun)) return false;
  return isUsedByOthers(ledger, reading) && quietFrom(ledger) <= reading.begunAt;
}
