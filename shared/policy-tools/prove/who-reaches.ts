/** Everyone who can end up with some access, and the fewest people who have to act for it. Pure. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { GroupBounds, Reach } from "./claim.ts";
import { type Fewest, fewestFor } from "./fewest.ts";
import { endingUpWith } from "./prove-claim.ts";
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
  for (const [principal, ways] of waysOn(policy, reach.cluster, [])) {
    const found = setsReaching(reach, ways, bounds).flatMap((reaching) => {
      const fewest = fewestFor(policy, reaching.ways);
      return fewest ? [{ fewest, reaching }] : [];
    });
    const [first] = found.toSorted((a, b) => sizeOf(a) - sizeOf(b));
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

const sizeOf = ({ fewest }: { readonly fewest: Fewest }): number => fewest.people.length;
