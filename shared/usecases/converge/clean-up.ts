import type { Reading } from "../../domain/entries/actual-entry.ts";
import { entitlementOf, lentBy } from "../../domain/entries/entitlement.ts";
import { forget, isAdopted } from "../../domain/entries/forget.ts";
import {
  settledFuses,
  spentFuses,
  wantedFuses,
  withoutFuses,
  withUnsure,
} from "../../domain/entries/fuses.ts";
import type { Sighting } from "../../domain/entries/proof.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import { countingReading } from "./look-at-entry.ts";
import type { Need } from "./need.ts";
import { entitlementsIn, noteFindings, type Pass, workMillis } from "./pass.ts";

/** A run stops deleting timers with less work time left than this, in milliseconds. */
const LEAST_MILLIS = 500;

/** So many timers are deleted in a run. A schedule that stays fires for nothing and goes by itself. */
const DISARMS_A_RUN = 10;

/**
 * Deletes the timers of what is over, forgets what no read could still surprise us with, and stores
 * what became known. Fuses go by name, so that none that was armed since is hit.
 */
export async function cleanUp(pass: Pass, seen: Sighting | undefined): Promise<Need> {
  const { held } = pass;
  await disarmRevocations(pass);
  const need = await disarmFuses(pass, seen);
  held.know(forget(held.current, entitlementsIn(pass), seen));
  await held.saveIfChanged();
  return need;
}

async function disarmRevocations(pass: Pass): Promise<void> {
  const early = pass.grants.closed.filter(({ revokeAt }) => (revokeAt ?? "") > pass.now);
  for (const { id } of early.slice(0, DISARMS_A_RUN)) {
    if (workMillis(pass) < LEAST_MILLIS) return;
    await quietly(pass, () => pass.ports.schedules.disarmRevocation(id));
  }
}

async function disarmFuses(pass: Pass, seen: Sighting | undefined): Promise<Need> {
  const { held, ports } = pass;
  const reading = countingReading(seen);
  // Until its end is proven, a grant's fuse stays: the removal may have failed.
  const lent = new Set(
    entitlementsIn(pass).flatMap(({ hasBegun, target }) => (hasBegun ? target : [])),
  );
  const spent = spentFuses(held.current, lent, fusesToKeep(pass, reading), reading);
  if (spent.length === 0) return "settled";
  // One that is deleted while the ledger is sure of it would pass for armed. The fence keeps the run
  // that armed one from becoming sure of it later.
  held.know(withUnsure(held.current, new Set(spent.map(({ name }) => name))));
  await held.saveIfChanged();
  await held.fence();
  // One whose arming may still land is deleted again, once it can land no more.
  const settled = settledFuses(spent, ports.clock.now());
  const gone = new Set<string>();
  for (const { name } of spent.slice(0, DISARMS_A_RUN))
    if (workMillis(pass) >= LEAST_MILLIS)
      if (await quietly(pass, () => ports.schedules.disarmFuse(name))) gone.add(name);
  const last = settled.filter(({ name }) => gone.has(name)).map(({ name }) => name);
  held.know(withoutFuses(held.current, new Set(last)));
  return last.length < settled.length ? "retry" : "settled";
}

/** The fuses of what is lent now; without a read nothing says where one may be. */
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

/** Drops what was ours once others use it and nothing is lent; see `isAdopted`. */
export function dropAdopted(pass: Pass, seen: Sighting | undefined): void {
  const { held, run, binding } = pass;
  if (!seen || !isAdopted(held.current, entitlementsIn(pass), seen)) return;
  held.know({ ...held.current, entry: { ...held.current.entry, owned: false } });
  noteFindings(pass, [{ code: "entry-adopted" }]);
  // As a rule no grant is left to put it on record for.
  run.log("entry adopted by others", { binding });
}
