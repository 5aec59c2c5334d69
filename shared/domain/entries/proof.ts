/** Judges what a read proves about a grant's access. Pure. */
import { EMPTY, minus, unionOf } from "../values/element-set.ts";
import type { Reading } from "./actual-entry.ts";
import { type Entitlement, lentBy, reachedOn } from "./entitlement.ts";
import type { Sight } from "./identify.ts";
import { baselineOf, certainOn, knownElement } from "./knowledge.ts";
import { later } from "./lag.ts";
import { type ElementKnowledge, type Ledger, LONG_AGO } from "./ledger.ts";
import { scopeCovers } from "./scope.ts";

/** A read, and whose entry it showed. */
export interface Sighting {
  readonly sight: Sight;
  readonly reading: Reading;
}

/** The read, if it counts: one that shows a past state, or an entry too new, proves nothing. */
export const countingReading = (seen: Sighting | undefined): Reading | undefined =>
  seen && seen.sight !== "stale" && seen.sight !== "too-new" ? seen.reading : undefined;

/**
 * Whether a read shows all access of a grant on the known entry, and the ledger agrees. A stale
 * read may still show what a call of ours has removed since. A removal without an answer may take
 * the access away later.
 */
export const isThere = (
  { target, elements }: Entitlement,
  ledger: Ledger,
  { sight, reading: { entry, begunAt } }: Sighting,
): boolean =>
  (sight === "same" || sight === "replaced") &&
  entry?.accessEntryArn === ledger.entry.arn &&
  scopeCovers(entry?.targets[target] ?? EMPTY, elements) &&
  scopeCovers(certainOn(ledger, target, begunAt), elements);

/**
 * Whether no access is left, now or later, that only this grant explains. Each such element must be
 * absent in a read that began once every call that carried it was visible. An element that no call
 * ever carried, because AWS refused the grant, needs no read.
 */
export function isGone(
  entitlement: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
  seen: Sighting | undefined,
): boolean {
  const { target, hasBegun } = entitlement;
  if (!hasBegun) return true;
  return ownElements(entitlement, ledger, entitlements).every((name) => {
    const element = knownElement(ledger, target, name);
    return isUntouched(element) || isProvenAbsent(element, target, name, seen);
  });
}

const isUntouched = ({ state, carriedUntil }: ElementKnowledge): boolean =>
  state === "absent" && carriedUntil === LONG_AGO;

function isProvenAbsent(
  { carriedUntil }: ElementKnowledge,
  target: string,
  name: string,
  seen: Sighting | undefined,
): boolean {
  const reading = countingReading(seen);
  if (!reading) return false;
  const { entry, begunAt } = reading;
  return !entry?.targets[target]?.includes(name) && carriedUntil <= begunAt;
}

/** The elements of a grant that neither the baseline nor another lent grant explains. */
export const ownElements = (
  { grantId, target, elements }: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
) => {
  const others = lentBy(entitlements).filter((each) => each.grantId !== grantId);
  return minus(elements, unionOf(baselineOf(ledger, target), reachedOn(others, target)));
};

/** From this time on, a read can prove the end of a grant. */
export const provableFrom = (
  entitlement: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
): string =>
  ownElements(entitlement, ledger, entitlements)
    .map((element) => knownElement(ledger, entitlement.target, element).carriedUntil)
    .reduce(later, "");
