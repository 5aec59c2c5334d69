/** Finds principals that several people list and that no rule lends to: one line of warning each. */
import { type AccessPolicy, matchesWho, memberOf, type Rule } from "../domain/policy/policy.ts";

/**
 * The warnings, in the order of the file. A grant to a shared role gives all of its holders access,
 * so a rule without `sharedPrincipals` refuses it. Nobody is warned of a principal that some rule
 * for its holders covers. Pure.
 */
export function sharedPrincipalWarnings(policy: AccessPolicy): readonly string[] {
  return [...holdersOf(policy)].flatMap(([arn, holders]) => {
    if (holders.length < 2) return [];
    const rules = policy.rules.filter((rule) => isFor(policy, rule, holders));
    if (rules.length === 0 || rules.some(({ sharedPrincipals }) => sharedPrincipals)) return [];
    return [warningOf(arn, holders, rules)];
  });
}

function holdersOf({ people }: AccessPolicy): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const [name, { principals }] of Object.entries(people))
    for (const arn of new Set(principals)) holders.set(arn, [...(holders.get(arn) ?? []), name]);
  return holders;
}

const isFor = (policy: AccessPolicy, rule: Rule, people: readonly string[]): boolean =>
  people.some((name) => {
    const member = memberOf(policy, name);
    return member !== undefined && matchesWho(rule.who, member);
  });

function warningOf(arn: string, holders: readonly string[], rules: readonly Rule[]): string {
  const names = rules.map(({ name }) => name).join(", ");
  return `${arn} is a principal of ${holders.join(", ")}. These rules refuse every request for it: ${names}. Give each person a role of their own, or write sharedPrincipals: true in a rule; a grant then gives all of them access.`;
}
