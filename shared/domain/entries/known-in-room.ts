import { LEDGER_BYTES, ledgerBytes } from "./bounds.ts";
import type { Lag } from "./lag.ts";
import type { Ledger } from "./ledger.ts";
import type { StoredIntents } from "./stored-intents.ts";
import { type Forgotten, knownAgain } from "./unknown-ledger.ts";

/**
 * The ledger that knows as many forgotten grants again as it has room for. Others can plant any number of them, and a
 * ledger that cannot be saved holds up a removal. The rest waits for later runs. Pure.
 *
 * @param served ids of the grants that stored calls name: they come first, since nobody else can write calls
 */
export function knownInRoom(
  ledger: Ledger,
  forgotten: readonly Forgotten[],
  served: Pick<StoredIntents["served"], "has">,
  now: string,
  lag: Lag,
): Ledger {
  const isServed = ({ grant }: Forgotten) => served.has(grant.id);
  const inOrder = [...forgotten.filter(isServed), ...forgotten.filter((each) => !isServed(each))];
  for (let count = inOrder.length; count > 0; count = Math.floor(count / 2)) {
    const known = knownAgain(ledger, inOrder.slice(0, count), now, lag);
    if (ledgerBytes(known) <= LEDGER_BYTES) return known;
  }
  return ledger;
}
