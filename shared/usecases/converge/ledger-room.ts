import {
  FAILING_AT_ONCE,
  fullestBytes,
  LEDGER_BYTES,
  withReached,
} from "../../domain/entries/bounds.ts";
import { entitlementOf } from "../../domain/entries/entitlement.ts";
import type { Ledger, Refusal } from "../../domain/entries/ledger.ts";
import { withBaselines } from "../../domain/entries/plan-additions.ts";
import type { Sighting } from "../../domain/entries/proof.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Settings } from "../../domain/settings.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { Admitted } from "./admit-grants.ts";
import type { Snapshot } from "./snapshot.ts";

/** The most grants for which one pass checks that there is room. The others wait for the next. */
const LOOKS_A_PASS = 50;

/**
 * Keeps the admitted grants that have room in the ledger, as the entry is. Access of others there counts, and so does
 * access that was lent until now. A grant without room waits, since room may come, and then fails. Few grants fail at
 * once: each leaves its reason in the ledger.
 *
 * @param seen the last read; absent where no grant may begin
 */
export function withRoom(
  { ledger, open, now }: Snapshot,
  settings: Settings,
  judged: Admitted,
  seen?: Sighting,
): Admitted {
  const beginning = open.filter(
    ({ id }) => judged.admitted.has(id) && !Object.hasOwn(ledger.begun, id),
  );
  const outside: AccessRequest[] = beginning.slice(LOOKS_A_PASS);
  let filled = ledger;
  for (const grant of beginning.slice(0, LOOKS_A_PASS)) {
    const own = entitlementOf(grant, filled, now);
    const based = seen ? withBaselines(filled, [own.target], seen.reading, settings) : filled;
    const next = withReached(based, [{ ...own, leans: judged.leans.has(grant.id) }]);
    if (fullestBytes(next) <= LEDGER_BYTES) filled = next;
    else outside.push(grant);
  }
  const failing = outside.filter(
    (grant) => secondsBetween(startOf(grant) ?? now, now) >= settings.policySkewSeconds,
  );
  const ids = new Set(outside.map(({ id }) => id));
  return inTurn(ledger, {
    ...judged,
    admitted: new Set([...judged.admitted].filter((id) => !ids.has(id))),
    refused: new Map([...judged.refused, ...failing.map(({ id }) => [id, NO_ROOM] as const)]),
    isWaiting: judged.isWaiting || failing.length < outside.length,
  });
}

/** Limits the grants that fail before they began to the ledger's places for them. The others wait. */
function inTurn({ begun, failing }: Ledger, judged: Admitted): Admitted {
  const isNew = (id: string) => !Object.hasOwn(begun, id) && !Object.hasOwn(failing, id);
  const places = Math.max(0, FAILING_AT_ONCE - Object.keys(failing).length);
  const late = new Set([...judged.refused.keys()].filter(isNew).slice(places));
  if (late.size === 0) return judged;
  const refused = new Map([...judged.refused].filter(([id]) => !late.has(id)));
  return { ...judged, refused, isWaiting: true };
}

const NO_ROOM: Refusal = {
  code: "too-much-on-one-entry",
  detail:
    "The principal's access entry holds more than Timelatch can keep on record for one entry with this grant. Nothing was added; end other grants there, or ask for fewer namespaces.",
};
