import { type AccessPolicy, isMachine, type Rule } from "../../domain/policy/policy.ts";
import type { Settings } from "../../domain/settings.ts";
import type {
  PolicyAnswer,
  PolicyGroupAnswer,
  PolicyRuleAnswer,
} from "../contract/policy-answer.ts";
import { accessRuleAnswer } from "./access-rule-answer.ts";

type Terms = Pick<Settings, "minimumDurationSeconds">;

/** The whole policy, without what is of one person only. @param now ISO 8601 UTC */
export function policyAnswer(policy: AccessPolicy, settings: Terms, now: string): PolicyAnswer {
  const { hash, rules, roles } = policy;
  return {
    hash,
    rules: rules.map((rule) => ruleAnswer(policy, rule, settings, now)),
    groups: groupsOf(policy),
    admins: roles.admins,
    auditors: roles.auditors,
  };
}

function ruleAnswer(
  { clusters }: AccessPolicy,
  rule: Rule,
  settings: Terms,
  now: string,
): PolicyRuleAnswer {
  const nobody = { principals: [], requirements: [], reviewers: [] };
  const { principals, requirements, agents, review, ...shown } = accessRuleAnswer(
    { rule, clusters: rule.clusters.filter((name) => !clusters[name]?.retired), ...nobody },
    settings,
    now,
  );
  const { people, groups } = rule.who;
  const { people: _, ...reviewed } = review ?? {};
  return {
    ...shown,
    who: { people, groups },
    requirements: rule.approval,
    ...(rule.agents ? { agents: rule.agents } : {}),
    ...(review ? { review: reviewed as NonNullable<PolicyRuleAnswer["review"]> } : {}),
    decideIn: rule.decideIn,
    delegable: rule.delegable,
  };
}

function groupsOf({ people }: AccessPolicy): readonly PolicyGroupAnswer[] {
  const groups = new Map<string, { people: string[]; machines: string[] }>();
  for (const [name, person] of Object.entries(people))
    for (const group of person.groups) {
      const members = groups.get(group) ?? { people: [], machines: [] };
      groups.set(group, members);
      members[isMachine(person) ? "machines" : "people"].push(name);
    }
  return [...groups]
    .map(([name, members]) => ({ name, ...members }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
