/** The access that a grant may have got which the ledger does not know. Pure. */
import type { AccessRequest } from "../requests/request.ts";
import { EMPTY, setOf, unionOf } from "../values/element-set.ts";
import { reachOf } from "./access.ts";
import { knownElement } from "./knowledge.ts";
import type { Ledger } from "./ledger.ts";
import { covers } from "./scope.ts";
import type { ByTarget, Served } from "./stored-intents.ts";

/**
 * By target, the access that a grant may have got. Others can write which one its record is about, so that counts only
 * where no call served it. A call says what a grant asked for. Where it does not, the grant may have got all that the
 * call carried besides its owner's. There, what the ledger knows as lent is another grant's, unless the record claims it.
 */
export function mayHave(
  ledger: Ledger,
  { access, cluster }: AccessRequest,
  served: Served | undefined,
): ByTarget {
  const { target, elements } = reachOf(access, cluster.arn);
  const { asked = {}, carried = {} } = served ?? {};
  const targets = setOf([...Object.keys(asked), ...Object.keys(carried)]);
  if (targets.length === 0) return { [target]: elements };
  const isClaimed = (on: string, name: string) => on === target && elements.includes(name);
  const got = (on: string) =>
    (carried[on] ?? EMPTY).filter(
      (name) => isClaimed(on, name) || knownElement(ledger, on, name).state !== "lent",
    );
  // A call that carried the whole cluster does not show which namespaces it was for.
  const hidden = elements.filter((name) => covers(carried[target] ?? EMPTY, name));
  return Object.fromEntries(
    targets.map((on) => [on, unionOf(asked[on] ?? EMPTY, got(on), on === target ? hidden : EMPTY)]),
  );
}
