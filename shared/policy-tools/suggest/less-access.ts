/** Less access that would have sufficed for the used grants of one rule. */

import { suffices, type UsedGrant } from "../../domain/evidence/activity/used-access.ts";
import { isPartOf, kindsPermitted, partsOf } from "../../domain/policy/permissions.ts";
import type { Rule } from "../../domain/policy/policy.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { patternCovers } from "../../domain/values/namespace-pattern.ts";
import type { AccessEdit } from "../../policy-file/rules/edited-rules.ts";

/** A policy that would have sufficed in some of the grants of another one. */
export interface Smaller {
  readonly policy: string;
  /** The policy that it is a part of. */
  readonly than: string;
  readonly sufficed: number;
  /** All grants of the larger policy that the rule lent, also those whose use nobody knows. */
  readonly of: number;
}

/** A policy that no grant needed. */
interface Needless {
  readonly policy: string;
  /** How many grants had it: each could have had one of the others. */
  readonly grants: number;
}

export interface LessAccess {
  /** To lend besides. */
  readonly add: readonly Smaller[];
  /** The rule lends it already: whoever asks can choose it. */
  readonly choose: readonly Smaller[];
  readonly remove: readonly Needless[];
  /** Patterns in whose namespaces nothing was done. */
  readonly removeNamespaces: readonly string[];
  /** The namespaces in which all was done, in place of the whole cluster; null to leave the scope. */
  readonly namespaces: readonly string[] | null;
  /** The kinds of request in AWS's table that the rule permits, before and after. */
  readonly kinds: { readonly before: number; readonly after: number };
}

/**
 * The access of a rule without what no grant needed, and with what would have sufficed.
 *
 * @returns undefined where it stays as it is
 */
export function lesserRule(
  { name, access }: Rule,
  { add, remove, removeNamespaces, namespaces }: LessAccess,
): AccessEdit | undefined {
  if ("groups" in access) return undefined;
  const removed = remove.map(({ policy }) => policy);
  const added = [...new Set(add.map(({ policy }) => policy))];
  const policies = [...access.policies, ...added].filter((policy) => !removed.includes(policy));
  const kept =
    "namespaces" in access && removeNamespaces.length > 0
      ? access.namespaces.filter((pattern) => !removeNamespaces.includes(pattern))
      : namespaces;
  const isSame = added.length + removed.length === 0 && kept === null;
  return isSame ? undefined : { rule: name, policies, namespaces: kept };
}

/** More namespaces than these are better named by somebody who knows them. */
const MOST_NAMESPACES = 10;

/** Fewer used grants say nothing. A smaller policy must have sufficed in as many, and in half of all. */
export const LEAST_GRANTS = 5;

type LentPolicies = Exclude<Rule["access"], { readonly groups: readonly string[] }>;

/**
 * @param used grants of the rule that were used, and whose use is known
 * @param all all grants of the rule. Nothing is removed where the use of one of them is unknown
 * @param unknown how many of them
 */
export function lessAccess(
  access: LentPolicies,
  used: readonly UsedGrant[],
  all: readonly AccessRequest[],
  unknown: number,
): LessAccess {
  const smaller = access.policies.flatMap((policy) => smallerThan(policy, used, all));
  const isLent = ({ policy }: Smaller) => access.policies.includes(policy);
  const add = smaller.filter((each) => !isLent(each));
  const choices = [...access.policies, ...new Set(add.map(({ policy }) => policy))];
  const remove = unknown === 0 ? needless(access.policies, choices, used, all) : [];
  const isRemoved = (policy: string) => remove.some((each) => each.policy === policy);
  return {
    add,
    choose: smaller.filter(
      (each) => isLent(each) && !isRemoved(each.policy) && !isRemoved(each.than),
    ),
    remove,
    ...(unknown === 0 ? places(access, used) : { removeNamespaces: [], namespaces: null }),
    kinds: {
      before: kindsPermitted(access.policies),
      after: kindsPermitted(choices.filter((policy) => !isRemoved(policy))),
    },
  };
}

const policyOf = ({ access }: AccessRequest): string | undefined =>
  "policy" in access ? access.policy : undefined;

const didWith = (policy: string, { request: { access }, uses }: UsedGrant): boolean =>
  "scope" in access && suffices(policy, access.scope.type === "cluster", uses);

/** The smallest part that would have done for many grants, and the smallest that would have done for all. */
function smallerThan(
  than: string,
  used: readonly UsedGrant[],
  all: readonly AccessRequest[],
): readonly Smaller[] {
  const own = used.filter(({ request }) => policyOf(request) === than);
  const of = all.filter((each) => policyOf(each) === than).length;
  const parts = partsOf(than).map((policy) => ({
    policy,
    than,
    of,
    sufficed: own.filter((grant) => didWith(policy, grant)).length,
  }));
  const worthy = parts.filter(({ sufficed }) => sufficed >= LEAST_GRANTS && sufficed * 2 >= of);
  const [most] = worthy;
  const whole = worthy.find(({ sufficed }) => sufficed === own.length);
  return most === undefined ? [] : whole && whole !== most ? [most, whole] : [most];
}

/** The policies without which each grant could have had another one, largest first. One stays. */
function needless(
  lent: readonly string[],
  choices: readonly string[],
  used: readonly UsedGrant[],
  all: readonly AccessRequest[],
): readonly Needless[] {
  let left = choices;
  const found: Needless[] = [];
  const largest = lent.toSorted((a, b) => kindsPermitted([b]) - kindsPermitted([a]));
  for (const policy of largest) {
    const others = left.filter((each) => each !== policy);
    const own = used.filter(({ request }) => policyOf(request) === policy);
    const smaller = others.filter((each) => isPartOf(each, policy));
    // A part of what stays lends nothing more, and is the smaller choice.
    if (others.some((other) => isPartOf(policy, other))) continue;
    const isNeedless =
      others.length > 0 &&
      used.every((grant) => others.some((other) => didWith(other, grant))) &&
      (own.length === 0 || smaller.length > 0);
    if (!isNeedless) continue;
    left = others;
    found.push({ policy, grants: all.filter((each) => policyOf(each) === policy).length });
  }
  return found;
}

/** The places in which something was done. */
function places(
  access: LentPolicies,
  used: readonly UsedGrant[],
): Pick<LessAccess, "removeNamespaces" | "namespaces"> {
  const names = used.flatMap(({ uses }) => uses.map(({ namespace }) => namespace));
  const named = [...new Set(names.filter((name) => name !== null))].toSorted();
  if ("scope" in access)
    return {
      removeNamespaces: [],
      namespaces: names.includes(null) || named.length > MOST_NAMESPACES ? null : named,
    };
  const removeNamespaces = access.namespaces.filter(
    (pattern) => !named.some((name) => patternCovers(pattern, name)),
  );
  return { removeNamespaces, namespaces: null };
}
