import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MS = 150;

/**
 * Looks again and again until it holds; answers whether it did before `limit` (milliseconds).
 * Rejects where the signal aborts.
 */
export async function until(
  holds: () => Promise<boolean>,
  limit: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    if (await holds()) return true;
    if (Date.now() >= limit) return false;
    await pause(INTERVAL_MS, undefined, { signal });
  }
}
