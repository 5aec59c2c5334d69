import type { EndProof } from "../requests/end-proof.ts";
import { STANDING_ACCESS } from "../requests/end-text.ts";
import { type ElementSet, EMPTY, setOf, unionOf } from "../values/element-set.ts";
import { type Entitlement, reachedOn } from "./entitlement.ts";
import { baselineOf, knownElement } from "./knowledge.ts";
import type { Ledger } from "./ledger.ts";
import { countingReading, type Sighting } from "./proof.ts";
import { reaches } from "./scope.ts";

/** The most grants that a proof names. */
const MOST_NAMED = 5;

/**
 * Facts about a grant's access at the time when its end is proven. Pure.
 *
 * @param seen the read that proves the end; undefined where nothing had to be read
 */
export function endProof(
  own: Entitlement,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
  seen: Sighting | undefined,
): EndProof {
  if (!own.hasBegun) return { hadBegun: false, readAt: null, stayed: EMPTY, stayedBy: [] };
  const reading = countingReading(seen);
  const found = reading?.entry?.targets[own.target] ?? EMPTY;
  // Access of other grants was put back after the read, where that showed less of it.
  const lent = reachedOn(begunBeside(own, entitlements), own.target).filter(isLentIn(own, ledger));
  const given = unionOf(found, lent, baselineOf(ledger, own.target));
  const stayed = own.elements.filter((each) => reaches(given, each));
  return {
    hadBegun: true,
    readAt: reading?.begunAt ?? null,
    stayed: setOf(stayed),
    stayedBy: explaining(own, stayed, ledger, entitlements),
  };
}

/** Grants whose access some of these elements are, the last to end first; then whatever stood without one. */
function explaining(
  own: Entitlement,
  elements: ElementSet,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
): readonly string[] {
  const lends = (by: ElementSet) => elements.some((each) => reaches(by, each));
  const endOf = ({ grantId }: Entitlement): string => ledger.begun[grantId]?.expiresAt ?? "";
  // The access of a grant that is over stays until its removal.
  const left = (each: Entitlement): Entitlement =>
    each.isOver ? { ...each, elements: each.elements.filter(isLentIn(own, ledger)) } : each;
  const lent = begunBeside(own, entitlements)
    .map(left)
    .filter((each) => each.target === own.target && lends(each.elements))
    .sort((a, b) => (endOf(a) > endOf(b) ? -1 : 1));
  const isWhole = elements.every((each) => lent.some((by) => reaches(by.elements, each)));
  const stands = !isWhole || lends(baselineOf(ledger, own.target));
  const named = lent.slice(0, MOST_NAMED).map(({ grantId }) => grantId);
  return [...named, ...(stands ? [STANDING_ACCESS] : [])];
}

const isLentIn =
  ({ target }: Entitlement, ledger: Ledger) =>
  (element: string): boolean =>
    knownElement(ledger, target, element).state === "lent";

const begunBeside = ({ grantId }: Entitlement, entitlements: readonly Entitlement[]) =>
  entitlements.filter((each) => each.grantId !== grantId && each.hasBegun);
