import type { AccessRequest, Escalation, Requirement } from "../requests/request.ts";
import { approverGroups, namedFirst } from "../requests/requirement.ts";
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
 *
 * @param askedFirst of a request, who was on call when it was made; absent before there is one
 */
export function approversOf(
  policy: AccessPolicy,
  rule: Rule,
  member: Member,
  principals: readonly string[],
  askedFirst?: NonNullable<AccessRequest["askedFirst"]>,
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
  return rule.approval.map((need) => {
    const first =
      askedFirst &&
      able(need.groups).filter((name) => namedFirst(need, { askedFirst }).includes(name));
    return circlesOf(need, able, first);
  });
}

/** @param first those on call; undefined before there is a request, empty where nobody is */
function circlesOf(
  { escalate, onCall, ...need }: Requirement,
  able: (groups: readonly string[]) => readonly string[],
  first: readonly string[] | undefined,
): ApproversOf {
  const isByCall = first !== undefined && first.length > 0;
  const named = { ...need, ...(onCall !== undefined && (isByCall || !first) ? { onCall } : {}) };
  const atOnce = isByCall ? first : able(need.groups);
  if (!escalate) return { ...named, people: atOnce };
  const groups = isByCall ? approverGroups({ ...need, escalate }) : escalate.groups;
  const later = able(groups).filter((name) => !atOnce.includes(name));
  // Where everybody is asked at once, nobody is left to ask later.
  if (onCall !== undefined && first && later.length === 0) return { ...named, people: atOnce };
  const people = able(approverGroups({ ...need, escalate }));
  return { ...named, people, escalate: { ...escalate, groups, people: later } };
}

/** The people of several requirements, each once. */
export const peopleOf = (
  policy: AccessPolicy,
  requirements: readonly ApproversOf[],
): readonly Member[] =>
  [...new Set(requirements.flatMap(({ people }) => people))].flatMap(
    (name) => memberOf(policy, name) ?? [],
  );
