/** What one grant makes of its access entry: which elements of which target, and whether now. */

import type { AccessRequest } from "../requests/request.ts";
import { type ElementSet, setOf } from "../values/element-set.ts";
import { reachOf } from "./access.ts";
import { isInTime, startOf } from "./claim.ts";
import type { Ledger } from "./ledger.ts";
import { scopeUnion } from "./scope.ts";

export interface Entitlement {
  readonly grantId: string;
  readonly target: string;
  readonly elements: ElementSet;
  /** Its access may be there by our doing: the ledger says that we began to add it. */
  readonly hasBegun: boolean;
  /** Its time is over, or it failed: nothing of it may stay. Once over, it stays over. */
  readonly isOver: boolean;
  /** Its start has come and its end has not. */
  readonly isLive: boolean;
}

/** @param now the one instant that the pass is about */
export function entitlementOf(grant: AccessRequest, ledger: Ledger, now: string): Entitlement {
  const begun = ledger.begun[grant.id];
  const isOver =
    grant.state === "ending" ||
    Object.hasOwn(ledger.failing, grant.id) ||
    begun?.over === true ||
    (grant.revokeAt !== null && grant.revokeAt <= now);
  return {
    grantId: grant.id,
    ...reachOf(grant.access, grant.cluster.arn),
    hasBegun: begun !== undefined,
    isOver,
    isLive: !isOver && isInTime(grant, now),
  };
}

/** Everything that some entitlements reach on one target, element by element. */
export const reachedOn = (entitlements: readonly Entitlement[], target: string): ElementSet =>
  setOf(entitlements.flatMap((each) => (each.target === target ? each.elements : [])));

/** The same as one scope: a whole cluster absorbs its namespaces. */
export const scopeOn = (entitlements: readonly Entitlement[], target: string): ElementSet =>
  scopeUnion(reachedOn(entitlements, target));

/** Those whose access has begun and is not over: what is on the entry by right. */
export const lentBy = (entitlements: readonly Entitlement[]): readonly Entitlement[] =>
  entitlements.filter(({ hasBegun, isOver }) => hasBegun && !isOver);

/** Whether a grant that has begun explains an element, over or not. */
export const explainsIn =
  (entitlements: readonly Entitlement[]) =>
  (target: string, element: string): boolean =>
    entitlements.some(
      (each) => each.hasBegun && each.target === target && each.elements.includes(element),
    );

/** Whether the grant is approved for a start that is still to come. */
export const isComing = (grant: AccessRequest, now: string): boolean =>
  grant.state === "approved" && (startOf(grant) ?? now) > now;
