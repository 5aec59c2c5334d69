import type { Reading } from "../../domain/entries/actual-entry.ts";
import { entitlementOf, explainsIn, lentBy } from "../../domain/entries/entitlement.ts";
import { forget, isAdopted } from "../../domain/entries/forget.ts";
import {
  settledFuses,
  spentFuses,
  wantedFuses,
  withoutFuses,
  withUnsure,
} from "../../domain/entries/fuses.ts";
import { withoutHidden } from "../../domain/entries/observe.ts";
import { excessTargets } from "../../domain/entries/plan-removals.ts";
import type { Sighting } from "../../domain/entries/proof.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import { learn } from "./learn.ts";
import { countingReading } from "./looks.ts";
import type { Need } from "./need.ts";
import { entitlementsIn, type Pass, workMillis } from "./pass.ts";

/** A run stops deleting timers with less work time left than this, in milliseconds. */
const LEAST_MILLIS = 500;

/**
 * The most timers that one run deletes. A schedule that is left fires without effect and deletes
 * itself.
 */
const DISARMS_A_RUN = 10;

/**
 * Deletes the timers of grants that are over, forgets what no read can contradict any more, and
 * saves the ledger. Fuses are deleted by name, so a fuse armed since is never hit.
 */
export async function cleanUp(pass: Pass, seen: Sighting | undefined): Promise<Need> {
  const { held } = pass;
  await disarmRevocations(pass);
  const need = await disarmFuses(pass, seen);
  const open = entitlementsIn(pass);
  const reading = countingReading(seen);
  if (reading)
    held.know(withoutHidden(held.current, reading, explainsIn(open), pass.ports.settings));
  held.know(forget(held.current, open, seen));
  await held.saveIfChanged();
  return need;
}

async function disarmRevocations(pass: Pass): Promise<void> {
  const early = pass.grants.closed.filter(({ revokeAt }) => (revokeAt ?? "") > pass.now);
  for (const { id } of early.slice(0, DISARMS_A_RUN)) {
    if (workMillis(pass) < LEAST_MILLIS) return;
    await quietly(pass, () => pass.ports.schedules.disarmRevocation(id, pass.binding));
  }
}

async function disarmFuses(pass: Pass, seen: Sighting | undefined): Promise<Need> {
  const { held, ports } = pass;
  const reading = countingReading(seen);
  // A grant's fuse stays until its end is proven, because the removal may have failed. Where others took its record
  // away, it stays while its access may be there.
  const entitlements = entitlementsIn(pass);
  const lent = new Set([
    ...entitlements.flatMap(({ hasBegun, target }) => (hasBegun ? target : [])),
    ...excessTargets({ ledger: held.current, entitlements, reading }),
  ]);
  const spent = spentFuses(held.current, lent, fusesToKeep(pass, reading), reading);
  if (spent.length === 0) return "settled";
  // Mark the fuses as unsure before deleting them, or a deleted fuse would count as armed. The fence
  // keeps the run that armed one from marking it as sure later.
  held.know(withUnsure(held.current, new Set(spent.map(({ name }) => name))));
  await held.saveIfChanged();
  await held.fence();
  // A fuse that an open call may still arm is deleted again once that call can no longer land.
  const settled = settledFuses(spent, ports.clock.now());
  const gone = new Set<string>();
  for (const { name } of spent.slice(0, DISARMS_A_RUN))
    if (workMillis(pass) >= LEAST_MILLIS)
      if (await quietly(pass, () => ports.schedules.disarmFuse(name, pass.entry.address)))
        gone.add(name);
  const last = settled.filter(({ name }) => gone.has(name)).map(({ name }) => name);
  held.know(withoutFuses(held.current, new Set(last)));
  return last.length < settled.length ? "retry" : "settled";
}

/** The fuses of access that is lent now. Without a read we do not know where one may be. */
function fusesToKeep({ grants, held, now, ports }: Pass, reading: Reading | undefined) {
  if (!reading) return [];
  const live = grants.open.flatMap((grant) => {
    const entitlement = entitlementOf(grant, held.current, now);
    return lentBy([entitlement]).map((own) => [grant, own] as const);
  });
  return wantedFuses(held.current, live, reading, ports.settings.fuseDelaySeconds);
}

async function quietly({ run, binding }: Pass, disarm: () => Promise<void>): Promise<boolean> {
  try {
    await disarm();
    return true;
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("timer not deleted", { binding, ...factsOf(error) });
    return false;
  }
}

/**
 * Gives up our ownership of an entry that others use and on which nothing is lent; see `isAdopted`.
 */
export function dropAdopted(pass: Pass, seen: Sighting | undefined): void {
  const { held, run, binding } = pass;
  if (!seen || !isAdopted(held.current, entitlementsIn(pass), seen)) return;
  const { entry } = held.current;
  const adopted = entry.arn === null ? {} : { adopted: entry.arn };
  const ledger = { ...held.current, entry: { ...entry, owned: false }, ...adopted };
  learn(pass, { ledger, findings: [{ code: "entry-adopted" }] });
  // Usually no grant is left whose audit trail could record it.
  run.log("entry adopted by others", { binding });
}
