/** Who can use a rule, for what principal and on which cluster. */
import { canLendTo } from "../domain/policy/eligibility.ts";
import {
  type AccessPolicy,
  clusterNamed,
  type Member,
  memberOf,
  type Rule,
} from "../domain/policy/policy.ts";
import { peopleInGroups } from "../domain/policy/policy-index.ts";
import type { PolicyFinding } from "./finding.ts";

/** One person who can use a rule on one cluster. */
export interface Use {
  readonly member: Member;
  readonly cluster: string;
  /** The person's principals that the rule lends to there: at least one. */
  readonly principals: readonly string[];
}

/** Everyone to whom a rule can lend something, by cluster. */
export const usesOf = (policy: AccessPolicy, rule: Rule): readonly Use[] =>
  askersOf(policy, rule).flatMap((member) =>
    rule.clusters.flatMap((cluster): readonly Use[] => {
      const principals = principalsUnder(policy, rule, member, cluster);
      return principals.length > 0 ? [{ member, cluster, principals }] : [];
    }),
  );

/** A person's principals that a rule can lend to on a cluster. */
export const principalsUnder = (
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  cluster: string,
): readonly string[] =>
  [...new Set(member.principals)].filter((arn) => canLendTo(policy, rule, member, cluster, arn));

/** In the order of the file. */
function askersOf(policy: AccessPolicy, { who }: Rule): readonly Member[] {
  const names = new Set([...who.people, ...peopleInGroups(policy, who.groups)]);
  return Object.keys(policy.people)
    .filter((name) => names.has(name))
    .flatMap((name) => memberOf(policy, name) ?? []);
}

/** Rules under which no request can be allowed. */
export const rulesForNobody = (policy: AccessPolicy): readonly PolicyFinding[] =>
  policy.rules.flatMap((rule, at): readonly PolicyFinding[] => {
    const found = whyForNobody(policy, rule);
    return found
      ? [{ code: "rule-for-nobody", path: ["rules", at, found[0]], detail: found[1] }]
      : [];
  });

function whyForNobody(policy: AccessPolicy, rule: Rule): readonly [string, string] | undefined {
  if (askersOf(policy, rule).length === 0)
    return ["who", `Nobody is in \`who\` of ${rule.name}, so nobody can use the rule.`];
  if (rule.clusters.every((name) => clusterNamed(policy, name)?.retired))
    return ["clusters", `Every cluster of ${rule.name} is retired, so the rule lends nothing.`];
  if (usesOf(policy, rule).length === 0)
    return [
      "who",
      `Nobody in \`who\` of ${rule.name} has a principal that the rule lends to, so the rule lends nothing. Look at principals, and at sharedPrincipals and foreignPrincipals.`,
    ];
  return undefined;
}
