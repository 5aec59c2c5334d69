/**
 * The people who can use a rule, with the principal and the cluster. Every check asks this of every
 * rule, and a rule may be for thousands. So answers are kept, by what of a rule they depend on.
 */
import { canLendTo, inOrderTried } from "../domain/policy/eligibility.ts";
import { keptByKey, keptByPolicy } from "../domain/policy/kept.ts";
import type { PrincipalTerms } from "../domain/policy/objections.ts";
import {
  type AccessPolicy,
  isMachine,
  type Member,
  memberOf,
  type Rule,
  type Who,
} from "../domain/policy/policy.ts";
import { peopleInGroups, rulesFor } from "../domain/policy/policy-index.ts";

/** One person who can use a rule on one cluster. */
export interface Use {
  readonly member: Member;
  readonly cluster: string;
  /** The person's principals that the rule lends to there: at least one. */
  readonly principals: readonly string[];
}

/** Everyone to whom a rule can lend something, by cluster. */
export const usesOf = (policy: AccessPolicy, rule: Rule): readonly Use[] =>
  ruleUses(policy).uses(rule);

/** Everyone to whom a rule can lend something on one cluster, in the order of the file. */
export const usesOn = (policy: AccessPolicy, rule: Rule, cluster: string): readonly Use[] =>
  ruleUses(policy).usesAmong(rule, [cluster]);

/** Everyone for whom a rule is, whether or not it can lend them anything, in the order of the file. */
export const askersOf = (policy: AccessPolicy, { who }: Pick<Rule, "who">): readonly Member[] =>
  ruleUses(policy).askers(who);

/** A person's principals that a rule can lend to on a cluster. */
export const principalsUnder = (
  policy: AccessPolicy,
  rule: PrincipalTerms,
  member: Member,
  cluster: string,
): readonly string[] => ruleUses(policy).use(rule, member, cluster).principals;

/** The rules that apply to a person, in the order in which they are tried. */
export const rulesTriedFor = (policy: AccessPolicy, member: Member): readonly Rule[] =>
  ruleUses(policy).tried(member);

/** The person of that name; undefined for an unknown name. */
export const memberNamed = (policy: AccessPolicy, name: string): Member | undefined =>
  ruleUses(policy).members.get(name);

const ruleUses = keptByPolicy((policy) => {
  const members = new Map(
    Object.keys(policy.people).flatMap((name) => {
      const member = memberOf(policy, name);
      return member ? [[name, member] as const] : [];
    }),
  );
  const askers = keptByKey(JSON.stringify, (who: Who) => askersIn(policy, members, who));
  const onCluster = keptByKey(
    (rule: PrincipalTerms, cluster: string) =>
      `${rule.sharedPrincipals} ${rule.foreignPrincipals} ${cluster}`,
    (rule: PrincipalTerms, cluster: string) =>
      keptByKey(
        ({ name }: Member) => name,
        (member: Member): Use => useOf(policy, rule, member, cluster),
      ),
  );
  const use = (rule: PrincipalTerms, member: Member, cluster: string): Use =>
    onCluster(rule, cluster)(member);
  const usesAmong = (rule: Rule, clusters: readonly string[]) =>
    askers(rule.who).flatMap((member) =>
      (rule.breakGlass && isMachine(member) ? [] : clusters)
        .map((cluster) => use(rule, member, cluster))
        .filter(({ principals }) => principals.length > 0),
    );
  const uses = keptByKey(
    ({ who, clusters, sharedPrincipals, foreignPrincipals, breakGlass }: Rule) =>
      JSON.stringify([who, clusters, sharedPrincipals, foreignPrincipals, breakGlass]),
    (rule: Rule) => usesAmong(rule, rule.clusters),
  );
  const tried = keptByKey(
    ({ name }: Member) => name,
    (member: Member) => inOrderTried(rulesFor(policy, member)),
  );
  return { members, askers, use, uses, usesAmong, tried };
});

const useOf = (
  policy: AccessPolicy,
  rule: PrincipalTerms,
  member: Member,
  cluster: string,
): Use => ({
  member,
  cluster,
  principals: [...new Set(member.principals)].filter((arn) =>
    canLendTo(policy, rule, member, cluster, arn),
  ),
});

const placesOf = keptByPolicy(
  (policy) => new Map(Object.keys(policy.people).map((name, at) => [name, at])),
);

function askersIn(
  policy: AccessPolicy,
  members: ReadonlyMap<string, Member>,
  { people, groups }: Who,
): readonly Member[] {
  const places = placesOf(policy);
  const placeOf = (name: string) => places.get(name) ?? 0;
  return [...new Set([...people, ...peopleInGroups(policy, groups)])]
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .flatMap((name) => members.get(name) ?? []);
}
