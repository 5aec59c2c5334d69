import type { Requirement } from "../requests/request.ts";
import { type AccessPolicy, holdersOf, type Member, memberOf, type Rule } from "./policy.ts";

/** A requirement with the names of the people who can meet it. */
export interface ApproversOf extends Requirement {
  readonly people: readonly string[];
}

/**
 * Everyone whose approval would count for a request of `member`: neither their own, nor, unless
 * the rule lets them, of somebody who holds every one of `principals` that it may be for.
 */
export function approversOf(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  principals: readonly string[],
): readonly ApproversOf[] {
  const holds = (name: string) =>
    !rule.approverMayHoldPrincipal &&
    principals.length > 0 &&
    principals.every((arn) => holdersOf(policy, arn).includes(name));
  return rule.approval.map((requirement) => ({
    ...requirement,
    people: Object.keys(policy.people)
      .filter((name) => name !== member.name && !holds(name))
      .filter((name) =>
        memberOf(policy, name)?.groups.some((group) => requirement.groups.includes(group)),
      )
      .sort(),
  }));
}

/** The people of several requirements, once each. */
export const peopleOf = (
  policy: AccessPolicy,
  requirements: readonly ApproversOf[],
): readonly Member[] =>
  [...new Set(requirements.flatMap(({ people }) => people))].flatMap(
    (name) => memberOf(policy, name) ?? [],
  );
