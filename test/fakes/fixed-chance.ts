import type { Chance } from "../../shared/ports/chance.ts";

/** A clock that stands until it is moved, and ids that count. */
export interface FixedChance extends Chance {
  set(instant: string): void;
  advance(seconds: number): void;
}

export function fixedChance(start = "2026-11-24T10:00:00.000Z"): FixedChance {
  let millis = Date.parse(start);
  let ids = 0;
  let tokens = 0;
  return {
    now: () => new Date(millis).toISOString(),
    newId: () => {
      ids += 1;
      return countedId(ids);
    },
    newToken: () => {
      tokens += 1;
      return `token-${String(tokens).padStart(6, "0")}`;
    },
    fraction: () => 0.5,
    set: (instant) => {
      millis = Date.parse(instant);
    },
    advance: (seconds) => {
      millis += seconds * 1_000;
    },
  };
}

/** The n-th id, in the form of a UUIDv7. */
export const countedId = (n: number) => `01935e00-0000-7000-8000-${String(n).padStart(12, "0")}`;
