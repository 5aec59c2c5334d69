/**
 * The claim of one grant on its access entry: its target and elements, and whether it is due now.
 */

import { isInTime } from "../requests/grant-time.ts";
import type { AccessRequest } from "../requests/request.ts";
import { type ElementSet, setOf } from "../values/element-set.ts";
import { reachOf } from "./access.ts";
import type { Ledger } from "./ledger.ts";

export interface Entitlement {
  readonly grantId: string;
  readonly target: string;
  readonly elements: ElementSet;
  /** The ledger says that we began to add the access, so it may be there because of this grant. */
  readonly hasBegun: boolean;
  /** The grant's time is over or it failed, so all its access must go. This never reverts. */
  readonly isOver: boolean;
  /** Started and not yet over. */
  readonly isLive: boolean;
}

/** @param now the instant that the whole pass works with */
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

/** All elements that the entitlements cover on one target. */
export const reachedOn = (entitlements: readonly Entitlement[], target: string): ElementSet =>
  setOf(entitlements.flatMap((each) => (each.target === target ? each.elements : [])));

/** Grants that have begun and are not over: their access belongs on the entry. */
export const lentBy = (entitlements: readonly Entitlement[]): readonly Entitlement[] =>
  entitlements.filter(({ hasBegun, isOver }) => hasBegun && !isOver);

/** Whether a begun grant explains an element, even if the grant is over. */
export const explainsIn =
  (entitlements: readonly Entitlement[]) =>
  (target: string, element: string): boolean =>
    entitlements.some(
      (each) => each.hasBegun && each.target === target && each.elements.includes(element),
    );
