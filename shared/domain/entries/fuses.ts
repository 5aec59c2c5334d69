/** The fuses that should exist, and those to delete. Pure. */

import type { AccessRequest } from "../requests/request.ts";
import { latest, plusSeconds } from "../values/instant.ts";
import { GROUPS } from "./access.ts";
import type { Reading } from "./actual-entry.ts";
import { UNSURE_FUSES } from "./bounds.ts";
import type { Entitlement } from "./entitlement.ts";
import { baselineOf, presentOn } from "./knowledge.ts";
import type { Fuse, Ledger } from "./ledger.ts";
import { isUsedByOthers } from "./plan-removals.ts";

/** A fuse to arm. */
export type FuseTime = Pick<Fuse, "target" | "at">;

/**
 * Whether a fuse would remove only what we lent. A policy's fuse removes the whole association, so
 * a baseline there rules it out. The fuse for groups deletes the whole entry. It needs an entry
 * that is ours, or will be, and that nobody else uses. That can change at any time.
 */
export function mayHaveFuse(ledger: Ledger, target: string, reading: Reading): boolean {
  if (target !== GROUPS) return baselineOf(ledger, target).length === 0;
  const isForeign = ledger.entry.arn !== null && !ledger.entry.owned;
  return !isForeign && !isUsedByOthers(ledger, reading);
}

/**
 * When each target's fuse should fire: a delay after its last live grant ends.
 *
 * @param live grants that are lent or about to be, with their entitlements
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

/**
 * Whether a target has as many names as it may have that Scheduler has not confirmed. Each name may be a fuse,
 * so each stays in the ledger until it is deleted. While Scheduler refuses both, no more are named.
 */
export const hasMostUnsure = ({ fuses }: Ledger, target: string): boolean =>
  fuses.filter((fuse) => fuse.target === target && !fuse.sure).length >= UNSURE_FUSES;

/**
 * Whether a wanted fuse is to be named now. Not once its time is over: Scheduler takes such a time, and never fires.
 */
export const mayName = (ledger: Ledger, wanted: FuseTime, now: string): boolean =>
  wanted.at > now && !armedFor(ledger, wanted) && !hasMostUnsure(ledger, wanted.target);

/** The fuse that is confirmed as armed for exactly this time. */
export const armedFor = ({ fuses }: Ledger, wanted: FuseTime): Fuse | undefined =>
  fuses.find(({ sure, target, at }) => sure && target === wanted.target && at === wanted.at);

/**
 * Fuses to delete. Others now use their target or entry, nothing is lent there, or their target has
 * no room for another name. Or a confirmed wanted fuse has replaced them.
 *
 * @param lent targets of open grants that have begun; each keeps its fuse until its end is proven
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
  return ledger.fuses.filter((fuse) => {
    const { target, name } = fuse;
    const isMisplaced = reading !== undefined && !mayHaveFuse(ledger, target, reading);
    // An earlier fuse would fire too early, and a later one has no purpose.
    const isReplaced = (kept.get(target) ?? name) !== name;
    return isMisplaced || !lent.has(target) || isReplaced || isSurplus(ledger, fuse);
  });
}

/**
 * Whether the fuse takes the place of others: Scheduler has never confirmed it, so no grant has begun under it.
 */
const isSurplus = (ledger: Ledger, { sure, landsUntil, target }: Fuse): boolean =>
  !sure && landsUntil !== undefined && hasMostUnsure(ledger, target);

/**
 * The ledger after a read showed targets without any of the access that was there. Their fuses may
 * have fired, so none of them counts as armed.
 *
 * @param before the ledger before that read
 */
export function withoutFired(ledger: Ledger, before: Ledger): Ledger {
  const isTaken = ({ target }: Fuse) =>
    presentOn(before, target).length > 0 && presentOn(ledger, target).length === 0;
  return withUnsure(ledger, new Set(ledger.fuses.filter(isTaken).map(({ name }) => name)));
}

/** The ledger to save before fuses are deleted: none of them counts as armed any more. */
export const withUnsure = (ledger: Ledger, names: ReadonlySet<string>): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.map((fuse) => (names.has(fuse.name) ? { ...fuse, sure: false } : fuse)),
});

/** The ledger after Scheduler confirmed the fuse: no call to arm it is open any more. */
export const withSure = (ledger: Ledger, sure: string): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.map((fuse) => {
    if (fuse.name !== sure) return fuse;
    const { landsUntil: _answered, ...armed } = fuse;
    return { ...armed, sure: true };
  }),
});

/** Fuses that stay deleted once deleted: no call to arm them can land any more. */
export const settledFuses = (fuses: readonly Fuse[], now: string): readonly Fuse[] =>
  fuses.filter(({ landsUntil }) => landsUntil === undefined || landsUntil <= now);

export const withoutFuses = (ledger: Ledger, names: ReadonlySet<string>): Ledger => ({
  ...ledger,
  fuses: ledger.fuses.filter(({ name }) => !names.has(name)),
});
