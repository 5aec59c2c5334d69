/** Which fuses there should be, and which must go. Pure. */
import { GROUPS } from "../access.ts";
import { latest, plusSeconds } from "../instant.ts";
import type { Fuse, Ledger } from "../ledger.ts";
import type { AccessRequest } from "../request.ts";
import type { Reading } from "./actual-entry.ts";
import type { Entitlement } from "./entitlement.ts";
import { baselineOf } from "./knowledge.ts";
import { isUsedByOthers } from "./plan-removals.ts";

/** A fuse that is to be armed. */
export type FuseTime = Pick<Fuse, "target" | "at">;

/**
 * Whether a fuse takes nothing but what we lent. It takes the whole association, so there is none
 * where that has a baseline. The one for groups takes the whole entry, so there is one only where
 * the entry is, or will be, ours, and nobody else uses it. Others may begin to at any time.
 */
export function mayHaveFuse(ledger: Ledger, target: string, reading: Reading): boolean {
  if (target !== GROUPS) return baselineOf(ledger, target).length === 0;
  const isForeign = ledger.entry.arn !== null && !ledger.entry.owned;
  return !isForeign && !isUsedByOthers(ledger, reading);
}

/**
 * When each target's fuse should fire: some minutes after its last live grant ends.
 *
 * @param live grants that are lent, or about to be, with what each reaches
 */
export function wantedFuses(
  ledger: Ledger,
  live: readonly (readonly [AccessRequest, Entitlement])[],
  reading: Reading,
  delaySeconds: number,
): readonly FuseTime[] {
  const targets = [...new Set(live.map(([, { target }]) => target))].sort();
  return targets
    .filter((target) => mayHaveFuse(ledger, target, reading))
    .flatMap((target) => {
      const ends = live.flatMap(([{ expiresAt }, each]) =>
        each.target === target && expiresAt !== null ? expiresAt : [],
      );
      const last = latest(ends);
      return last === undefined ? [] : { target, at: plusSeconds(last, delaySeconds) };
    });
}

/** Whether a fuse is known to be armed for exactly then. */
export const isArmed = ({ fuses }: Ledger, wanted: FuseTime): boolean =>
  fuses.some(({ sure, target, at }) => sure && target === wanted.target && at === wanted.at);

/**
 * Fuses that must go: those on what others use by now, those of targets on which nothing is lent,
 * and those that another, which is known to be armed, has replaced.
 *
 * @param lent targets of open grants that have begun: until an end is proven, its fuse stays
 */
export function spentFuses(
  ledger: Ledger,
  lent: ReadonlySet<string>,
  reading: Reading | undefined,
): readonly Fuse[] {
  return ledger.fuses.filter((fuse) => {
    const isMisplaced = reading !== undefined && !mayHaveFuse(ledger, fuse.target, reading);
    return isMisplaced || !lent.has(fuse.target) || isReplaced(ledger, fuse);
  });
}

/** A later one is sure, so that the earlier one would only strike too early. */
const isReplaced = ({ fuses }: Ledger, fuse: Fuse): boolean =>
  fuses.some(
    (other) =>
      other.sure && other.target === fuse.target && other.name !== fuse.name && other.at >= fuse.at,
  );

/** The ledger before fuses are deleted: none of them is believed in any more. */
export const withUnsure = (ledger: Ledger, names: ReadonlySet<string>): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.map((fuse) => (names.has(fuse.name) ? { ...fuse, sure: false } : fuse)),
});

export const withoutFuses = (ledger: Ledger, names: ReadonlySet<string>): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.filter(({ name }) => !names.has(name)),
});
