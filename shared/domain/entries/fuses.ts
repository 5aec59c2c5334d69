/** Which fuses there should be, and which must go. Pure. */

import type { AccessRequest } from "../requests/request.ts";
import { latest, plusSeconds } from "../values/instant.ts";
import { GROUPS } from "./access.ts";
import type { Reading } from "./actual-entry.ts";
import type { Entitlement } from "./entitlement.ts";
import { baselineOf } from "./knowledge.ts";
import type { Fuse, Ledger } from "./ledger.ts";
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

/** The fuse that is known to be armed for exactly then. */
export const armedFor = ({ fuses }: Ledger, wanted: FuseTime): Fuse | undefined =>
  fuses.find(({ sure, target, at }) => sure && target === wanted.target && at === wanted.at);

/**
 * Fuses that must go: those on what others use by now, those of targets on which nothing is lent,
 * and those in whose place the wanted one is known to be armed.
 *
 * @param lent targets of open grants that have begun: until an end is proven, its fuse stays
 * @param wanted when the fuses of live grants should fire
 */
export function spentFuses(
  ledger: Ledger,
  lent: ReadonlySet<string>,
  wanted: readonly FuseTime[],
  reading: Reading | undefined,
): readonly Fuse[] {
  const kept = new Map(
    wanted.flatMap((each) => {
      const fuse = armedFor(ledger, each);
      return fuse ? [[each.target, fuse.name] as const] : [];
    }),
  );
  return ledger.fuses.filter(({ target, name }) => {
    const isMisplaced = reading !== undefined && !mayHaveFuse(ledger, target, reading);
    // Beside the wanted one, an earlier one strikes too early, and a later one is of no use.
    const isReplaced = (kept.get(target) ?? name) !== name;
    return isMisplaced || !lent.has(target) || isReplaced;
  });
}

/** The ledger before fuses are deleted: none of them is believed in any more. */
export const withUnsure = (ledger: Ledger, names: ReadonlySet<string>): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.map((fuse) => (names.has(fuse.name) ? { ...fuse, sure: false } : fuse)),
});

/** The fuse once Scheduler confirmed it: no arming of it is open any more. */
export const withSure = (ledger: Ledger, sure: string): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.map((fuse) => {
    if (fuse.name !== sure) return fuse;
    const { landsUntil: _answered, ...armed } = fuse;
    return { ...armed, sure: true };
  }),
});

/** Fuses whose deletion is the last word: no arming of them can land any more. */
export const settledFuses = (fuses: readonly Fuse[], now: string): readonly Fuse[] =>
  fuses.filter(({ landsUntil }) => landsUntil === undefined || landsUntil <= now);

export const withoutFuses = (ledger: Ledger, names: ReadonlySet<string>): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.filter(({ name }) => !names.has(name)),
});
