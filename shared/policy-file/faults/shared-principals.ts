/** Finds principals that several people list and that no rule lends to. */
import { type AccessPolicy, memberOf, type Rule } from "../../domain/policy/policy.ts";
import { rulesFor } from "../../domain/policy/policy-index.ts";

/** A principal that several people list, where every rule for them refuses it. */
export interface SharedPrincipal {
  readonly arn: string;
  /** In the order of the file. */
  readonly holders: readonly string[];
  /** The rules that refuse every request for it. */
  readonly rules: readonly string[];
}

/**
 * Principals that several people list, in the order of the file. A grant to a shared role gives all
 * of its holders access, so a rule without `sharedPrincipals` refuses it. A principal that some rule
 * for its holders covers is left out. Pure.
 */
export function sharedPrincipals(policy: AccessPolicy): readonly SharedPrincipal[] {
  return [...holdersOf(policy)].flatMap(([arn, holders]) => {
    if (holders.length < 2) return [];
    const rules = rulesForAny(policy, holders);
    if (rules.length === 0 || rules.some((rule) => rule.sharedPrincipals)) return [];
    return [{ arn, holders, rules: rules.map(({ name }) => name) }];
  });
}

/** One line of warning each. */
export const sharedPrincipalWarnings = (policy: AccessPolicy): readonly string[] =>
  sharedPrincipals(policy).map(sharedPrincipalText);

function holdersOf({ people }: AccessPolicy): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, string[]>();
  for (const [name, { principals }] of Object.entries(people))
    for (const arn of new Set(principals)) {
      const known = holders.get(arn);
      if (known) known.push(name);
      else holders.set(arn, [name]);
    }
  return holders;
}

/** In the order of the file. */
function rulesForAny(policy: AccessPolicy, people: readonly string[]): readonly Rule[] {
  const members = people.flatMap((name) => memberOf(policy, name) ?? []);
  const groups = [...new Set(members.flatMap((member) => member.groups))];
  const found = new Set([
    ...rulesFor(policy, { name: "", groups }),
    ...members.flatMap((member) => rulesFor(policy, { ...member, groups: [] })),
  ]);
  return policy.rules.filter((rule) => found.has(rule));
}

export const sharedPrincipalText = ({ arn, holders, rules }: SharedPrincipal): string =>
  `${arn} is a principal of ${holders.join(", ")}. These rules refuse every request for it: ${rules.join(", ")}. Give each person a role of their own, or write sharedPrincipals: true in a rule; a grant then gives all of them access.`;
