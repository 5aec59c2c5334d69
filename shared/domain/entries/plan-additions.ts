/** Finds what is missing on an access entry, and plans the calls that add it. Pure. */

import { type ElementSet, minus, unionOf } from "../values/element-set.ts";
import { GROUPS } from "./access.ts";
import type { Reading } from "./actual-entry.ts";
import { type Entitlement, lentBy, reachedOn } from "./entitlement.ts";
import { baselineOf, presentOn, withTarget } from "./knowledge.ts";
import { type Lag, visibleFrom } from "./lag.ts";
import type { Ledger } from "./ledger.ts";
import { scopeRemainder, scopeUnion } from "./scope.ts";
import { type EntryStep, stepTo } from "./step.ts";

/** The additions that this pass may make, and the facts that it knows. */
export interface Additions {
  readonly ledger: Ledger;
  /** All grants of the binding. Those about to begin count as begun. */
  readonly entitlements: readonly Entitlement[];
  /** Ids of the grants that may add access. The others keep what they already have. */
  readonly admitted: ReadonlySet<string>;
  readonly reading: Reading | undefined;
}

/**
 * The calls, in order. A new entry is created empty, so a create that lands late gives no access.
 *
 * @param token for a new entry; the token of the unanswered create, if there is one
 */
export function planAdditions(additions: Additions, token: string): readonly EntryStep[] {
  const { ledger, reading } = additions;
  const username = reading?.entry?.username ?? null;
  const mayUpdateGroups = ledger.entry.owned || ledger.entry.arn === null || username !== null;
  const steps = Object.keys(ledger.targets)
    .sort()
    .filter((target) => target !== GROUPS || mayUpdateGroups)
    .flatMap((target) => {
      const wanted = wantedOn(additions, target);
      const missing = scopeRemainder(scopeUnion(wanted), presentOn(ledger, target));
      return missing.length > 0 ? [stepTo(target, wanted, username)] : [];
    });
  return steps.length > 0 && ledger.entry.arn === null
    ? [{ kind: "create-entry", token }, ...steps]
    : steps;
}

/** The baseline, what may be added, and what the other grants already have. */
function wantedOn({ ledger, entitlements, admitted }: Additions, target: string): ElementSet {
  const present = presentOn(ledger, target);
  const live = lentBy(entitlements);
  const adding = live.filter(({ grantId }) => admitted.has(grantId));
  const reached = reachedOn(live, target);
  const staying = minus(reached, scopeRemainder(reached, present));
  return unionOf(baselineOf(ledger, target), reachedOn(adding, target), staying);
}

/**
 * Adds targets that a grant touches for the first time. Their contents now are the baseline. For an
 * entry that we just created the baseline is empty, as its List may not be complete yet.
 */
export function withBaselines(
  ledger: Ledger,
  targets: readonly string[],
  { entry, begunAt }: Reading,
  lag: Lag,
): Ledger {
  const isYoung = entry !== undefined && begunAt < visibleFrom(entry.createdAt, lag);
  return targets.reduce((sum, target) => {
    if (Object.hasOwn(sum.targets, target)) return sum;
    const found = isYoung ? [] : (entry?.targets[target] ?? []);
    return withTarget(sum, target, found, (element) => ({
      ...element,
      state: "baseline",
      absenceFrom: visibleFrom(begunAt, lag),
    }));
  }, ledger);
}
