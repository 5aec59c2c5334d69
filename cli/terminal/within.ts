import { setTimeout as pause } from "node:timers/promises";
import type { StopSignal } from "./interruption.ts";

/** The result of some work, or a fallback where the time is over or a signal comes first. */
export async function withinOr<Result>(
  fallback: Result,
  work: Promise<Result>,
  ms: number,
  stopped: Promise<StopSignal>,
): Promise<Result> {
  const clock = new AbortController();
  const over = pause(ms, fallback, { signal: clock.signal }).catch(() => fallback);
  try {
    return await Promise.race([work, over, stopped.then(() => fallback)]);
  } finally {
    clock.abort();
  }
}
