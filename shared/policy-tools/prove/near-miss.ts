/** Smaller access policies that people do reach, where they do not reach the one that a claim names. */

import { missingOf, sharedKinds } from "../../domain/policy/permissions.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { Claim, GroupBounds, ReachClaim } from "./claim.ts";
import { breachOf } from "./prove-claim.ts";

export interface NearMiss {
  /** The policy that is reached. */
  readonly policy: string;
  /** The policy of the claim that it falls short of. */
  readonly than: string;
  readonly rules: readonly string[];
  /** The kinds of request in AWS's table that both permit, and all that the claim's policy permits. */
  readonly kinds: { readonly shared: number; readonly all: number };
}

/** Policies that permit at least half of what a policy of the claim does, nearest first. The claim is one that holds. */
export function nearMisses(
  policy: AccessPolicy,
  claim: Claim,
  bounds: GroupBounds,
): readonly NearMiss[] {
  if (claim.kind !== "reach") return [];
  return claim.reach.policies
    .flatMap((than) => lentOn(policy, claim).map((lent) => ({ policy: lent, than })))
    .map((pair) => ({ ...pair, kinds: sharedKinds(pair.policy, pair.than) }))
    .filter(({ policy: lent, than, kinds: { shared, all } }) => {
      const isWhole = true;
      const lacks = missingOf({ policy: than, isWhole }, [{ policy: lent, isWhole }]);
      return lacks > 0 && shared * 2 >= all;
    })
    .toSorted((a, b) => b.kinds.shared / b.kinds.all - a.kinds.shared / a.kinds.all)
    .flatMap((near) => {
      const reach = { ...claim.reach, policies: [near.policy], isDirect: true };
      const breach = breachOf(policy, { ...claim, reach }, bounds, "any");
      const rules = breach?.reaching.ways.map(({ rule }) => rule.name) ?? [];
      return breach ? [{ ...near, rules: [...new Set(rules)] }] : [];
    });
}

/** The access policies that rules lend on the claim's cluster, each once. */
const lentOn = ({ rules }: AccessPolicy, { reach }: ReachClaim): readonly string[] => [
  ...new Set(
    rules
      .filter(({ clusters }) => clusters.includes(reach.cluster))
      .flatMap(({ access }) => ("groups" in access ? [] : access.policies)),
  ),
];
