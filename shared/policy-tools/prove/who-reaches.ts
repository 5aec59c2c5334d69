/** Everyone who can end up with some access, and the fewest people who have to act for it. Pure. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { GroupBounds, Reach } from "./claim.ts";
import { EVERYONE, type Fewest, fewestFor } from "./fewest.ts";
import { endingUpWith, kindOf } from "./prove-claim.ts";
import { mayCount, type Reaching, setsReaching } from "./sets.ts";
import { type Way, waysNear } from "./ways.ts";

export interface Reacher {
  /** The name in the policy. */
  readonly person: string;
  readonly fewest: Fewest;
  readonly reaching: Reaching;
}

/** Most dangerous first: by how few people suffice, then by name. */
export function whoReaches(
  policy: AccessPolicy,
  reach: Reach,
  bounds: GroupBounds,
): readonly Reacher[] {
  const best = new Map<string, Reacher>();
  const shortestBy = new Map<string, Shortest>();
  for (const [principal, ways] of waysNear(policy, reach.cluster, mayCount(reach))) {
    const kind = kindOf(policy, EVERYONE, principal, ways);
    const known = shortestBy.get(kind);
    const found = known
      ? alike(policy, known, ways)
      : shortestOf(policy, setsReaching(reach, ways, bounds));
    if (!known) shortestBy.set(kind, { found, ways });
    if (!found) continue;
    for (const { name: person } of endingUpWith(policy, principal)) {
      const other = best.get(person);
      if (!other || sizeOf(found) < sizeOf(other)) best.set(person, { person, ...found });
    }
  }
  return [...best.values()].toSorted(
    (a, b) => sizeOf(a) - sizeOf(b) || (a.person < b.person ? -1 : 1),
  );
}

type Found = Pick<Reacher, "fewest" | "reaching">;

interface Shortest {
  /** Undefined where nobody can bring any set about. */
  readonly found: Found | undefined;
  /** All ways of its principal. */
  readonly ways: readonly Way[];
}

/** The set of grants that needs the fewest people. */
function shortestOf(policy: AccessPolicy, sets: readonly Reaching[]): Found | undefined {
  let best: Found | undefined;
  for (const reaching of sets) {
    const fewest = fewestFor(policy, reaching.ways);
    if (fewest && (!best || fewest.people.length < sizeOf(best))) best = { fewest, reaching };
  }
  return best;
}

/** The same for another principal of its kind: the grants of the same set, by as many people. */
function alike(
  policy: AccessPolicy,
  { found, ways: before }: Shortest,
  ways: readonly Way[],
): Found | undefined {
  if (!found) return undefined;
  const reaching = {
    ...found.reaching,
    ways: found.reaching.ways.flatMap((way) => ways[before.indexOf(way)] ?? []),
  };
  const fewest = fewestFor(policy, reaching.ways, EVERYONE, sizeOf(found));
  return fewest && { fewest, reaching };
}

const sizeOf = ({ fewest }: { readonly fewest: Fewest }): number => fewest.people.length;
