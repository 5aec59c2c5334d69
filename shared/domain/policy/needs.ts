import type { AccessRequest } from "../requests/request.ts";
import { openPlaces } from "./approval.ts";
import { type ApproversOf, approversOf } from "./approvers.ts";
import { type AccessPolicy, memberOf } from "./policy.ts";
import { ruleNamed } from "./policy-index.ts";

/**
 * The approvals that a pending request still needs under the current policy, with the people who
 * can give them. Omits requirements that are met. A request that is decided needs none.
 */
export function needsOf(policy: AccessPolicy, request: AccessRequest): readonly ApproversOf[] {
  if (request.state !== "pending") return [];
  const rule = ruleNamed(policy, request.rule);
  const requester = memberOf(policy, request.requester);
  const approved = request.approvals.map(({ person }) => person);
  const requirements: readonly ApproversOf[] =
    rule && requester
      ? approversOf(policy, rule, requester, [request.principalArn])
      : request.requirements.map((requirement) => ({ ...requirement, people: [] }));
  const open = openPlaces(
    requirements,
    approved.flatMap((name) => memberOf(policy, name) ?? []),
  );
  return requirements.flatMap(({ groups, people }, at) => {
    const count = open[at] ?? 0;
    const left = people.filter((name) => !approved.includes(name));
    return count === 0 ? [] : [{ groups, count, people: left }];
  });
}
