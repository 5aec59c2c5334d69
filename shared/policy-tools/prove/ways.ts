/** Every grant that the rules of a policy could lend on a cluster, by the principal that it is lent to. */

import { keptByKey, keptByPolicy } from "../../domain/policy/kept.ts";
import type { AccessPolicy, Member, Rule } from "../../domain/policy/policy.ts";
import { usesOn } from "../rule-uses.ts";
import type { Wanted } from "./acting.ts";
import type { Exception, Some } from "./claim.ts";
import { isKnown } from "./persons.ts";

/** Access that one rule can lend to a principal, at its widest. */
export interface Way extends Wanted {
  /** An access policy; undefined for Kubernetes groups. */
  readonly policy: string | undefined;
  /** All that the rule lends of them at once; empty for an access policy. */
  readonly groups: readonly string[];
  /** A namespace or a pattern; undefined for the whole cluster. */
  readonly namespace: string | undefined;
  /** The same for two ways of one policy only if one rule lends the same by both. */
  readonly part: string;
}

export const isAmong = ({ people, groups }: Some, member: Pick<Member, "name" | "groups">) =>
  people.includes(member.name) || groups.some((group) => member.groups.includes(group));

/** @param except ways that are left out */
export const waysOn = (
  policy: AccessPolicy,
  cluster: string,
  except: readonly Exception[],
): Ways =>
  except.length === 0
    ? allWays(policy)(cluster)
    : madeWays(policy, cluster, (rule, member) => isExcepted(except, rule, member));

/** The same without what is nowhere near: a rule with no other part is not looked at. */
export const waysNear = (
  policy: AccessPolicy,
  cluster: string,
  isNear: (part: Part) => boolean,
): Ways => madeWays(policy, cluster, () => false, isNear);

type Ways = ReadonlyMap<string, readonly Way[]>;

/** Most claims have no exception. */
const allWays = keptByPolicy((policy) =>
  keptByKey(
    (cluster: string) => cluster,
    (cluster: string) => madeWays(policy, cluster, () => false),
  ),
);

function madeWays(
  policy: AccessPolicy,
  cluster: string,
  isLeftOut: (rule: Rule, member: Member) => boolean,
  isNear: (part: Part) => boolean = () => true,
): Ways {
  const ways = new Map<string, Way[]>();
  for (const [place, rule] of policy.rules.entries()) {
    if (!rule.clusters.includes(cluster)) continue;
    const parts = partsOf(rule)
      .map((lent, at) => ({ ...lent, part: `${place}.${at}` }))
      .filter(isNear);
    if (parts.length === 0) continue;
    const requesters = new Map<string, string[]>();
    for (const { member, principals } of usesOn(policy, rule, cluster)) {
      if (!isKnown(member) || isLeftOut(rule, member)) continue;
      for (const arn of principals)
        requesters.set(arn, [...(requesters.get(arn) ?? []), member.name]);
    }
    for (const [principal, names] of requesters)
      for (const part of parts) {
        const way = { rule, principal, requesters: names, ...part };
        const known = ways.get(principal);
        if (known) known.push(way);
        else ways.set(principal, [way]);
      }
  }
  return ways;
}

const isExcepted = (except: readonly Exception[], { name }: Rule, member: Member): boolean =>
  except.some(({ rule, who }) => rule === name && (who === undefined || isAmong(who, member)));

type Part = Pick<Way, "policy" | "groups" | "namespace">;

function partsOf({ access }: Rule): readonly Part[] {
  if ("groups" in access)
    return [{ policy: undefined, groups: access.groups, namespace: undefined }];
  return access.policies.flatMap((policy): readonly Part[] =>
    "scope" in access
      ? [{ policy, groups: [], namespace: undefined }]
      : access.namespaces.map((namespace) => ({ policy, groups: [], namespace })),
  );
}
