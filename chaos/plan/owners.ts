/** What others do to access entries meanwhile, around the broker. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";

const SECOND = 1_000;

/** Where they may act. The broker lends no namespace that starts with `owners-`. */
const PLACES = [
  { cluster: "prod", principal: "alice" },
  { cluster: "prod", principal: "mallory" },
  { cluster: "prod", principal: "ci-deployer" },
  { cluster: "staging", principal: "dave" },
] as const;
/** The broker never lends the second of them. */
const POLICIES = ["AmazonEKSViewPolicy", "AmazonEKSAdminViewPolicy"] as const;

/** Each place and policy is somebody's for a while, and then somebody else's. */
export function owners(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  let claim = 0;
  for (const place of PLACES)
    for (let at = random.between(2, 15) * SECOND; at < until; at += 6 * SECOND) {
      claim += 1;
      // On an association that the broker never touches: what is lent on the same one may go with it.
      const policy = POLICIES[1];
      const namespaces = [`owners-${claim}`];
      const ends = at + random.between(8, 40) * SECOND;
      const isKept = ends >= until || random.chance(0.3);
      actions.push({ kind: "claim", at, claim, ...place, policy, namespaces });
      if (isKept) break;
      actions.push({ kind: "release", at: ends, claim, ...place });
      at = ends;
    }
  return actions;
}
