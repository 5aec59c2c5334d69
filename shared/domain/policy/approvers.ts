import type { Requirement } from "../requests/request.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "./policy.ts";
import { holdersOf, peopleInGroups } from "./policy-index.ts";

/** A requirement with the names of the people who can meet it. */
export interface ApproversOf extends Requirement {
  readonly people: readonly string[];
}

/**
 * Everyone whose approval would count for a request of `member`. That excludes the member. Unless
 * the rule allows them, it also excludes people who hold all of `principals`, which the request may
 * be for.
 */
export function approversOf(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  principals: readonly string[],
): readonly ApproversOf[] {
  const [first = [], ...others] = rule.approverMayHoldPrincipal
    ? []
    : principals.map((arn) => holdersOf(policy, arn));
  const holders = new Set(first.filter((name) => others.every((list) => list.includes(name))));
  return rule.approval.map((requirement) => ({
    ...requirement,
    people: peopleInGroups(policy, requirement.groups).filter(
      (name) => name !== member.name && !holders.has(name),
    ),
  }));
}

/** The people of several requirements, each once. */
export const peopleOf = (
  policy: AccessPolicy,
  requirements: readonly ApproversOf[],
): readonly Member[] =>
  [...new Set(requirements.flatMap(({ people }) => people))].flatMap(
    (name) => memberOf(policy, name) ?? [],
  );
