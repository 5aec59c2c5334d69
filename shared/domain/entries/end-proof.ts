import type { EndProof } from "../requests/end-proof.ts";
import { STANDING_ACCESS } from "../requests/end-text.ts";
import { type ElementSet, EMPTY, setOf, unionOf } from "../values/element-set.ts";
import { type Entitlement, lentBy, reachedOn } from "./entitlement.ts";
import { baselineOf, knownElement } from "./knowledge.ts";
import type { Ledger } from "./ledger.ts";
import type { Sighting } from "./proof.ts";
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
  const found = seen?.reading.entry?.targets[own.target] ?? EMPTY;
  // Access of other grants was put back after the read, where that showed less of it.
  const lent = reachedOn(lentBy(othersThan(own, entitlements)), own.target).filter(
    (each) => knownElement(ledger, own.target, each).state === "lent",
  );
  const given = unionOf(found, lent, baselineOf(ledger, own.target));
  const stayed = own.elements.filter((each) => reaches(given, each));
  return {
    hadBegun: true,
    readAt: seen?.reading.begunAt ?? null,
    stayed: setOf(stayed),
    stayedBy: explaining(own, stayed, ledger, entitlements),
  };
}

/** Grants that lend some of these elements, the last to end first; then whatever stood without one. */
function explaining(
  own: Entitlement,
  elements: ElementSet,
  ledger: Ledger,
  entitlements: readonly Entitlement[],
): readonly string[] {
  const lends = (by: ElementSet) => elements.some((each) => reaches(by, each));
  const endOf = (id: string): string => ledger.begun[id]?.expiresAt ?? "";
  const grants = lentBy(othersThan(own, entitlements))
    .filter((each) => each.target === own.target && lends(each.elements))
    .map((each) => each.grantId)
    .sort((a, b) => (endOf(a) > endOf(b) ? -1 : 1));
  const lent = entitlements.filter((each) => grants.includes(each.grantId));
  const isWhole = elements.every((each) => lent.some((by) => reaches(by.elements, each)));
  const stands = !isWhole || lends(baselineOf(ledger, own.target));
  return [...grants.slice(0, MOST_NAMED), ...(stands ? [STANDING_ACCESS] : [])];
}

const othersThan = ({ grantId }: Entitlement, entitlements: readonly Entitlement[]) =>
  entitlements.filter((each) => each.grantId !== grantId);
