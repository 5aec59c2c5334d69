/** The open grants of a binding at one moment of a pass, as the ledger has them. */
import { type Entitlement, entitlementOf } from "../../domain/entries/entitlement.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { excessTargets } from "../../domain/entries/plan-removals.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Pass } from "./pass.ts";

export interface Snapshot {
  readonly ledger: Ledger;
  /** Grants whose access may still exist. */
  readonly open: readonly AccessRequest[];
  /** One for each open grant, in their order. */
  readonly entitlements: readonly Entitlement[];
  /** The instant that the whole pass works with. */
  readonly now: string;
}

/** @param ledger by default as the pass knows it now */
export function snapshotOf(
  { grants: { open }, held, now }: Pick<Pass, "grants" | "held" | "now">,
  ledger: Ledger = held.current,
): Snapshot {
  const entitlements = open.map((grant) => entitlementOf(grant, ledger, now));
  return { ledger, open, entitlements, now };
}

/** Whether access may have to go: a grant is over, or began and is no grant of the binding any more. */
export function isAnythingOver({ open, entitlements, ledger }: Snapshot): boolean {
  const ids = new Set(open.map(({ id }) => id));
  return (
    open.length === 0 ||
    entitlements.some(({ isOver }) => isOver) ||
    Object.keys(ledger.begun).some((id) => !ids.has(id))
  );
}

/** Whether access is left, or may still land, that nothing explains. */
export const isLeft = ({ ledger, entitlements }: Snapshot): boolean =>
  excessTargets({ ledger, entitlements, reading: undefined }).length > 0;

/** Grants that have started and are not over. */
export const liveIn = ({ open, entitlements }: Snapshot): readonly AccessRequest[] =>
  open.filter((_grant, at) => entitlements[at]?.isLive);
