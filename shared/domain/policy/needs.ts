import type { AccessRequest, Escalation, Requirement } from "../requests/request.ts";
import { approverGroups, askedFrom } from "../requests/requirement.ts";
import { openPlaces } from "./approval.ts";
import { type ApproversOf, approversOf } from "./approvers.ts";
import { type AccessPolicy, memberOf } from "./policy.ts";
import { ruleOfRequest } from "./rule-of-request.ts";
import { voicesOf } from "./voices.ts";

/** When the second circle of a request is asked. */
interface AskedFrom {
  /** ISO 8601 UTC. */
  readonly askedFrom: string;
}

/** A requirement of a pending request that is not met yet. */
export interface NeedOfRequest extends Requirement {
  readonly escalate?: Escalation & AskedFrom;
}

/** The same, with the people who can meet it. */
export interface Need extends ApproversOf {
  readonly escalate?: NonNullable<ApproversOf["escalate"]> & AskedFrom;
}

/**
 * The approvals that a pending request still needs under the current policy, with the people who
 * can give them. Omits requirements that are met. A request that is decided needs none.
 */
export function needsOf(policy: AccessPolicy, request: AccessRequest): readonly Need[] {
  if (request.state !== "pending") return [];
  const requirements = requirementsOf(policy, request);
  // Stored approvals are shown; whether one was delegated at all is judged before access starts.
  const voices = voicesOf(policy, ruleOfRequest(policy, request), request, () => true);
  const approved = request.approvals.flatMap(({ person, onBehalfOf }) => [
    person,
    ...(onBehalfOf ? [onBehalfOf.person] : []),
  ]);
  const open = openPlaces(requirements, voices);
  const left = (people: readonly string[]) => people.filter((name) => !approved.includes(name));
  return requirements.flatMap(({ groups, people, onCall, escalate }, at): readonly Need[] => {
    const count = open[at] ?? 0;
    if (count === 0) return [];
    const need = {
      groups,
      count,
      people: left(people),
      ...(onCall === undefined ? {} : { onCall }),
    };
    if (!escalate) return [need];
    const from = askedFrom(escalate, request.createdAt);
    return [{ ...need, escalate: { ...escalate, people: left(escalate.people), askedFrom: from } }];
  });
}

function requirementsOf(policy: AccessPolicy, request: AccessRequest): readonly ApproversOf[] {
  const rule = ruleOfRequest(policy, request);
  const requester = memberOf(policy, request.requester);
  if (rule && requester)
    return approversOf(policy, rule, requester, [request.principalArn], request.askedFirst ?? {});
  return request.requirements.map((need) => ({
    groups: approverGroups(need),
    count: need.count,
    people: [],
  }));
}
