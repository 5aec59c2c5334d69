/** What a read proves of a grant's access. Pure. */
import { EMPTY, minus, unionOf } from "../element-set.ts";
import type { Ledger } from "../ledger.ts";
import { scopeCovers } from "../scope.ts";
import type { Reading } from "./actual-entry.ts";
import { type Entitlement, lentBy, reachedOn } from "./entitlement.ts";
import type { Sight } from "./identify.ts";
import { baselineOf, knownElement, presentOn } from "./knowledge.ts";
import { later } from "./lag.ts";

/** A read, and what it is of. */
export interface Sighting {
  readonly sight: Sight;
  readonly reading: Reading;
}

/**
 * Whether a read shows everything that a grant should have, on the entry that we know, and the
 * ledger agrees: a stale read may show what a call of ours has taken since.
 */
export const isThere = (
  { target, elements }: Entitlement,
  ledger: Ledger,
  { sight, reading: { entry } }: Sighting,
): boolean =>
  (sight === "same" || sight === "replaced") &&
  entry?.accessEntryArn === ledger.entry.arn &&
  scopeCovers(entry?.targets[target] ?? EMPTY, elements) &&
  scopeCovers(presentOn(ledger, target), elements);

/**
 * Whether nothing is left of a grant that only it explains, now or at any later time: each such
 * element is absent in a read that begins after every call that carried it has landed and shows.
 * A grant that was never begun left nothing. Without a read that counts, nothing is proven.
 */
export function isGone(
  entitlement: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
  seen: Sighting | undefined,
): boolean {
  const { target, hasBegun } = entitlement;
  if (!hasBegun || !Object.hasOwn(ledger.targets, target)) return true;
  if (!seen || seen.sight === "stale" || seen.sight === "newcomer") return false;
  const { entry, begunAt } = seen.reading;
  return ownElements(entitlement, ledger, entitlements).every(
    (element) =>
      !entry?.targets[target]?.includes(element) &&
      knownElement(ledger, target, element).carriedUntil <= begunAt,
  );
}

/** The elements of a grant that neither the baseline nor another live grant explains. */
export const ownElements = (
  { grantId, target, elements }: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
) => {
  const others = lentBy(entitlements).filter((each) => each.grantId !== grantId);
  return minus(elements, unionOf(baselineOf(ledger, target), reachedOn(others, target)));
};

/** The first instant from which a read can prove the end of a grant. */
export const provableFrom = (
  entitlement: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
): string =>
  ownElements(entitlement, ledger, entitlements)
    .map((element) => knownElement(ledger, entitlement.target, element).carriedUntil)
    .reduce(later, "");
