/** Sweeps of a life: each minute, unless EventBridge drops them, or the life is without. */
import { isWithin } from "./faults/hardship.ts";
import { droppedSweeps } from "./faults/operators.ts";
import type { World } from "./world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Wakes what nobody else wakes, until the life is over. */
export function sweepEachMinute(world: World, life: { readonly isOver: boolean }): void {
  const { random, profile, time, startedAt } = world;
  const dropped = droppedSweeps(world);
  const sweepAt = (minute: number) => {
    if (life.isOver) return;
    if (dropped && isWithin(dropped, minute)) drop(world, minute + MINUTE);
    else if (profile.sweep)
      time.at(minute + random.between(0, 2 * SECOND), () => void world.sweepOnce());
    // A life without a sweep of bindings still has one of notices.
    else time.at(minute, () => void world.notify.sweep());
    time.at(minute + MINUTE, () => sweepAt(minute + MINUTE));
  };
  sweepAt(startedAt + (profile.sweep ? random.between(0, MINUTE) : MINUTE));
}

/** EventBridge drops the sweep of a minute. The next sweep finds its work. */
function drop({ oracle, tally, note }: World, next: number): void {
  note("sweep", () => "is dropped");
  tally.meets("sweepDropped");
  oracle.unreachable(next);
  oracle.notices.allDelayed();
}

/**
 * Sweeps again after a life without sweeps, until nothing is left to do or should be. Only sweeps repeat
 * a removal that EKS judged on a stale view, confirm an end, and empty a ledger.
 */
export async function sweepAgain({ time, oracle, queue, note, ...world }: World): Promise<void> {
  if (oracle.violations.length > 0 || oracle.isQuiet()) return;
  note("run", () => "the sweep comes back");
  oracle.facts.sweptFrom = time.now;
  const last = time.now + oracle.facts.bounds.drift + oracle.facts.bounds.recovery;
  let isOver = false;
  const sweep = () => {
    void world.sweepOnce();
    if (!isOver) time.after(MINUTE, sweep);
  };
  const look = () => {
    oracle.inspectAll();
    isOver = (queue.isIdle && oracle.isQuiet()) || time.now > last;
    if (!isOver) time.after(20 * SECOND, look);
  };
  sweep();
  look();
  await time.run(() => isOver || oracle.violations.length > 0);
}
