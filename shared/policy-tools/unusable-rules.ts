/** Rules under which no request can be allowed. */
import { type AccessPolicy, clusterNamed, type Rule } from "../domain/policy/policy.ts";
import type { PolicyFinding } from "./finding.ts";
import { askersOf, usesOf } from "./rule-uses.ts";

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
