import type { Reading } from "../../domain/entries/actual-entry.ts";
import { explainsIn, lentBy } from "../../domain/entries/entitlement.ts";
import { forget, isAdopted } from "../../domain/entries/forget.ts";
import {
  settledFuses,
  spentFuses,
  wantedFuses,
  withoutFuses,
  withUnsure,
} from "../../domain/entries/fuses.ts";
import type { Fuse, Ledger } from "../../domain/entries/ledger.ts";
import { withoutHidden } from "../../domain/entries/observe.ts";
import { excessTargets } from "../../domain/entries/plan-removals.ts";
import { countingReading, type Sighting } from "../../domain/entries/proof.ts";
import { isUnknownEntry } from "../../domain/entries/unknown-ledger.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import { CallFailed } from "../../ports/access-entries.ts";
import { factsOf } from "./converge-run.ts";
import type { Learned } from "./learn.ts";
import type { Need } from "./need.ts";
import { type PartOf, type Pass, workMillis } from "./pass.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/** A run stops deleting timers with less work time left than this, in milliseconds. */
const LEAST_MILLIS = 500;

/**
 * The most timers that one run deletes. A schedule that is left fires without effect and deletes
 * itself.
 */
const DISARMS_A_RUN = 10;

/** The part of a pass that cleans up. */
type Cleaner = PartOf<
  "grants" | "held" | "now" | "run" | "binding" | "entry",
  "schedules" | "clock" | "settings" | "policy"
>;

/**
 * Deletes the timers of grants that are over, forgets what no read can contradict any more, and
 * saves the ledger. Fuses are deleted by name, so a fuse armed since is never hit.
 */
export async function cleanUp(pass: Cleaner, seen: Sighting | undefined): Promise<Need> {
  const { held, ports } = pass;
  await disarmRevocations(pass);
  const reading = countingReading(seen);
  const { ledger: disarmed, need } = await disarmFuses(pass, reading);
  const { entitlements } = snapshotOf(pass, disarmed);
  const shown = reading
    ? withoutHidden(disarmed, reading, explainsIn(entitlements), ports.settings)
    : disarmed;
  held.know(forget(shown, entitlements, seen));
  await held.saveIfChanged();
  return need;
}

async function disarmRevocations(pass: Cleaner): Promise<void> {
  const { ports, grants, now, binding } = pass;
  const early = grants.closed.filter(({ revokeAt }) => (revokeAt ?? "") > now);
  for (const { id } of early.slice(0, DISARMS_A_RUN)) {
    if (workMillis(pass) < LEAST_MILLIS) return;
    await quietly(pass, () => ports.schedules.disarmRevocation(id, binding));
  }
}

/** @returns the ledger without the fuses that are gone for good */
async function disarmFuses(
  pass: Cleaner,
  reading: Reading | undefined,
): Promise<{ readonly ledger: Ledger; readonly need: Need }> {
  const { held, ports, run, binding } = pass;
  const known = snapshotOf(pass);
  const spent = spentIn(known, reading, ports);
  const found = ofNobody(known, reading, spent);
  if (found.length > 0) run.log("fuse given up", { binding, found });
  if (spent.length === 0) return { ledger: held.current, need: "settled" };
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
  return {
    ledger: withoutFuses(held.current, new Set(last)),
    need: last.length < settled.length ? "retry" : "settled",
  };
}

/**
 * Fuses that nothing needs any more. A grant's fuse stays until its end is proven, because the removal may have failed.
 * Where others took its record away, it stays while its access may be there.
 */
function spentIn(
  { ledger, open, entitlements }: Snapshot,
  reading: Reading | undefined,
  { settings, policy }: Pick<Pass["ports"], "settings" | "policy">,
): readonly Fuse[] {
  // After a restore of both tables, a fuse may be all that ends what is there. A read shows whether the ledger knows it.
  if (!reading || isUnknownEntry(ledger, reading.entry, deploymentOf(policy)))
    return spentFuses(ledger, new Set(ledger.fuses.map(({ target }) => target)), [], undefined);
  const lent = new Set([
    ...entitlements.flatMap(({ hasBegun, target }) => (hasBegun ? target : [])),
    ...excessTargets({ ledger, entitlements, reading }),
  ]);
  const live = open.flatMap((grant, at) =>
    lentBy(entitlements.slice(at, at + 1)).map((own) => [grant, own] as const),
  );
  const wanted = wantedFuses(ledger, live, reading, settings.fuseDelaySeconds);
  return spentFuses(ledger, lent, wanted, reading);
}

/**
 * Targets of these fuses on which something is, although no grant names them. Others put it there, or both tables were
 * restored. Nobody can tell, and others keep what is theirs.
 */
const ofNobody = (
  { entitlements }: Snapshot,
  reading: Reading | undefined,
  spent: readonly Fuse[],
): readonly string[] =>
  spent
    .map(({ target }) => target)
    .filter((target) => entitlements.every((each) => each.target !== target))
    .filter((target) => (reading?.entry?.targets[target] ?? []).length > 0);

async function quietly({ run, binding }: Cleaner, disarm: () => Promise<void>): Promise<boolean> {
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
 *
 * @returns undefined where we keep it
 */
export function dropAdopted(
  { ledger, entitlements }: Snapshot,
  seen: Sighting | undefined,
  { run, binding }: Pick<Pass, "run" | "binding">,
): Learned | undefined {
  if (!seen || !isAdopted(ledger, entitlements, seen)) return undefined;
  // Usually no grant is left whose audit trail could record it.
  run.log("entry adopted by others", { binding });
  const { entry } = ledger;
  const adopted = entry.arn === null ? {} : { adopted: entry.arn };
  return {
    ledger: { ...ledger, entry: { ...entry, owned: false }, ...adopted },
    findings: [{ code: "entry-adopted" }],
  };
}
