/** Everyone who can end up with some access, and the fewest people who have to act for it. Pure. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { GroupBounds, Reach } from "./claim.ts";
import { EVERYONE, type Fewest, fewestFor } from "./fewest.ts";
import { endingUpWith, kindOf } from "./prove-claim.ts";
import { type Reaching, setsReaching } from "./sets.ts";
import { waysOn } from "./ways.ts";

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
  for (const [principal, ways] of waysOn(policy, reach.cluster, [])) {
    const kind = kindOf(policy, EVERYONE, principal, ways);
    const found = shortestFor(policy, setsReaching(reach, ways, bounds), shortestBy.get(kind));
    shortestBy.set(kind, found);
    const { first } = found;
    if (!first) continue;
    for (const { name: person } of endingUpWith(policy, principal)) {
      const known = best.get(person);
      if (!known || sizeOf(first) < sizeOf(known)) best.set(person, { person, ...first });
    }
  }
  return [...best.values()].toSorted(
    (a, b) => sizeOf(a) - sizeOf(b) || (a.person < b.person ? -1 : 1),
  );
}

type Way = Pick<Reacher, "fewest" | "reaching">;

interface Shortest {
  /** Undefined where nobody can bring any of them about. */
  readonly first: Way | undefined;
  /** Its place among the sets of its principal. */
  readonly at: number;
}

/**
 * The set of grants that needs the fewest people.
 *
 * @param known that of another principal of the same kind, which says which set it is and how many people it needs
 */
function shortestFor(
  policy: AccessPolicy,
  sets: readonly Reaching[],
  known: Shortest | undefined,
): Shortest {
  let best: Shortest = { first: undefined, at: 0 };
  for (const [at, reaching] of sets.entries()) {
    if (known && (known.first === undefined || known.at !== at)) continue;
    const most = known?.first ? sizeOf(known.first) : undefined;
    const fewest = fewestFor(policy, reaching.ways, EVERYONE, most);
    if (fewest && (!best.first || fewest.people.length < sizeOf(best.first)))
      best = { first: { fewest, reaching }, at };
  }
  return best;
}

const sizeOf = ({ fewest }: { readonly fewest: Fewest }): number => fewest.people.length;
