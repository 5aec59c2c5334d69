import type { Escalation, Requirement } from "../requests/request.ts";
import { approverGroups } from "../requests/requirement.ts";
import { ownsWhoAsks } from "./machines.ts";
import { type AccessPolicy, type Member, memberOf, type Rule } from "./policy.ts";
import { decidersInGroups, holdersOf } from "./policy-index.ts";

/** A requirement with the names of the people who can meet it. */
export interface ApproversOf extends Requirement {
  /** The people of both circles. */
  readonly people: readonly string[];
  readonly escalate?: EscalationTo;
}

interface EscalationTo extends Escalation {
  /** People who are asked only then. */
  readonly people: readonly string[];
}

/**
 * Everyone whose approval would count for a request of `member`. That excludes the member. Unless
 * the rule allows them, it also excludes people who hold all of `principals`, which the request may
 * be for. Machines approve nothing, and owners do not approve for theirs.
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
  const able = (groups: readonly string[]) =>
    decidersInGroups(policy, groups).filter(
      (name) =>
        name !== member.name && !holders.has(name) && !ownsWhoAsks(policy, { name }, member.name),
    );
  return rule.approval.map(({ escalate, ...need }) => {
    const atOnce = able(need.groups);
    if (!escalate) return { ...need, people: atOnce };
    const later = able(escalate.groups).filter((name) => !atOnce.includes(name));
    const people = able(approverGroups({ ...need, escalate }));
    return { ...need, people, escalate: { ...escalate, people: later } };
  });
}

/** The people of several requirements, each once. */
export const peopleOf = (
  policy: AccessPolicy,
  requirements: readonly ApproversOf[],
): readonly Member[] =>
  [...new Set(requirements.flatMap(({ people }) => people))].flatMap(
    (name) => memberOf(policy, name) ?? [],
  );
