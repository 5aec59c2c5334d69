import type { Disturbance } from "../stage/disturbance.ts";

/** When access must be gone, and what moved that beyond what was promised. Milliseconds since 1970. */
export interface Deadline {
  readonly at: number;
  /** The delays, in words; empty if the promise itself is the deadline. */
  readonly because: readonly string[];
}

/**
 * The latest instant at which access may still be there.
 *
 * @param due when the broker begins to remove it
 * @param promised when it must be gone if nothing holds that up
 * @param disturbances in any order. One counts if its effect reaches beyond `due`, and it began before the deadline
 * that the earlier ones leave
 * @param fuse when a fuse has removed it at the latest, where nothing holds that up
 */
export function deadlineOf(
  due: number,
  promised: number,
  disturbances: readonly Disturbance[],
  fuse = Number.POSITIVE_INFINITY,
): Deadline {
  let at = promised;
  const because: string[] = [];
  for (const one of disturbances.toSorted((first, second) => first.from - second.from)) {
    const held = one.to + one.holdsUpSeconds * 1_000;
    const until = one.leavesFuse ? Math.min(held, fuse) : held;
    if (one.from > at || until <= due) continue;
    // Even one that is over before the deadline has taken time from the margin.
    because.push(one.what);
    at = Math.max(at, until);
  }
  return { at, because };
}
