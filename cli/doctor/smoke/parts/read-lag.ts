/** How far reads are behind changes, measured. */
import type { Stage } from "../stage.ts";

export interface Lag {
  /** Seconds: the latest read after an answered change that did not show it yet. */
  behind: number;
  reads: number;
  stale: number;
}

export const noLag = (): Lag => ({ behind: 0, reads: 0, stale: 0 });

/** A read, and whether it shows the last change. */
export interface Read {
  readonly lag: Lag;
  readonly isFresh: () => Promise<boolean>;
}

/**
 * Reads for some seconds after a change was answered, and for twice the lag seen. A later read may
 * show an earlier state.
 *
 * @param answeredAt when the change was answered, milliseconds since 1970
 */
export async function readAfter(
  stage: Stage,
  answeredAt: number,
  reads: readonly Read[],
): Promise<void> {
  const { readSeconds, pollMs } = stage.pace;
  let last = 0;
  for (;;) {
    for (const { lag, isFresh } of reads) {
      const behind = (stage.now() - answeredAt) / 1_000;
      const fresh = await isFresh();
      lag.reads += 1;
      if (fresh) continue;
      lag.stale += 1;
      lag.behind = Math.max(lag.behind, behind);
      last = behind;
    }
    const passed = (stage.now() - answeredAt) / 1_000;
    if (passed >= Math.max(readSeconds, 2 * last) || passed >= LONGEST) return;
    await stage.pause(pollMs);
  }
}

/** Nobody waits longer for one change. */
const LONGEST = 300;

/** Whether one of many reads shows what was never there. */
export async function shownWithin(stage: Stage, isShown: () => Promise<boolean>): Promise<boolean> {
  const until = stage.now() + stage.pace.readSeconds * 1_000;
  do {
    if (await isShown()) return true;
    await stage.pause(stage.pace.pollMs);
  } while (stage.now() < until);
  return false;
}
