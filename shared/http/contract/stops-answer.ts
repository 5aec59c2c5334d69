/** The people who are stopped, as clients read it. Instants are ISO 8601 UTC. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { liftersOf } from "../../domain/stops/lifters.ts";
import type { Stop, Stops } from "../../domain/stops/stops.ts";

export interface StopAnswer extends Stop {
  /** Admins who may lift it: never who stopped, nor anybody who is suspended. */
  readonly liftedBy: readonly string[];
}

export interface StopsAnswer {
  /** Sorted by name. */
  readonly suspended: readonly (StopAnswer & { readonly person: string })[];
  /** Null unless everyone is stopped. */
  readonly drain: StopAnswer | null;
  /**
   * Grants through which access may exist, as they were read after the stop. Only in the answer of `suspendPerson`
   * and `drain`, and only where they could be read.
   */
  readonly remaining?: RemainingGrants;
}

/** How many grants, and of how many people. */
interface RemainingGrants {
  readonly grants: number;
  readonly people: number;
}

export function stopsAnswer(stops: Stops, policy: AccessPolicy): StopsAnswer {
  const answer = ({ by, at, reason }: Stop): StopAnswer => ({
    by,
    at,
    reason,
    liftedBy: liftersOf(policy, stops, by),
  });
  const people = Object.entries(stops.people).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return {
    suspended: people.map(([person, stop]) => ({ person, ...answer(stop) })),
    drain: stops.drain && answer(stops.drain),
  };
}
