import { setTimeout as pause } from "node:timers/promises";

const INTERVAL_MS = 150;

/** Waits for an instant (milliseconds). Rejects with the signal's reason where it aborts. */
export async function waitFor(instant: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(Math.max(0, instant - Date.now()), undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Polls until the condition holds. Answers whether it did before `limit` (milliseconds).
 * Rejects with the signal's reason where it aborts.
 */
export async function until(
  holds: () => Promise<boolean>,
  limit: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    if (await holds()) return true;
    if (Date.now() >= limit) return false;
    await waitFor(Date.now() + INTERVAL_MS, signal);
  }
}
