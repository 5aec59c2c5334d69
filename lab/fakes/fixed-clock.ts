import type { Clock } from "../../shared/ports/clock.ts";

/** A clock that only moves when a test moves it. */
export interface FixedClock extends Clock {
  set(instant: string): void;
  advance(seconds: number): void;
}

export function fixedClock(start = "2026-11-24T10:00:00.000Z"): FixedClock {
  let millis = Date.parse(start);
  return {
    now: () => new Date(millis).toISOString(),
    set: (instant) => {
      millis = Date.parse(instant);
    },
    advance: (seconds) => {
      millis += seconds * 1_000;
    },
  };
}
