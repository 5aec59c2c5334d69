/** What every notice of one request shows. */
import { isQuorum } from "../policy/approval.ts";
import { approversOf } from "../policy/approvers.ts";
import { type AccessPolicy, memberOf, type Rule } from "../policy/policy.ts";
import type { AccessRequest } from "../requests/request.ts";
import type { NoticeFacts, StillNeeded } from "./notice.ts";

export function noticeFacts(policy: AccessPolicy, request: AccessRequest): NoticeFacts {
  const rule = ruleOf(policy, request);
  return {
    requestId: request.id,
    digest: request.digest,
    state: request.state,
    requester: request.requester,
    cluster: request.cluster.name,
    clusterArn: request.cluster.arn,
    access: request.access,
    durationSeconds: request.durationSeconds,
    reason: request.reason,
    rule: request.rule,
    breakGlass: request.breakGlass,
    startsAt: request.startsAt,
    revokeAt: request.revokeAt,
    expiresAt: request.expiresAt,
    lapsesAt: request.lapsesAt,
    endedAt: request.endedAt,
    approvers: request.approvals.map(({ person }) => person),
    stillNeeded: request.state === "pending" && rule ? stillNeeded(policy, rule, request) : [],
    outcome: request.outcome,
    decidedHere: rule?.decideIn.includes("slack") ?? false,
  };
}

export const ruleOf = (policy: AccessPolicy, { rule }: AccessRequest): Rule | undefined =>
  policy.rules.find(({ name }) => name === rule);

/** The requirements that approvals so far do not meet, each with those who can meet it. */
function stillNeeded(
  policy: AccessPolicy,
  rule: Rule,
  { requester, principalArn, approvals }: AccessRequest,
): readonly StillNeeded[] {
  const member = memberOf(policy, requester);
  if (!member) return [];
  const given = approvals.flatMap(({ person }) => memberOf(policy, person) ?? []);
  return approversOf(policy, rule, member, [principalArn])
    .filter(({ groups, count }) => !isQuorum([{ groups, count }], given))
    .map(({ groups, count, people }) => ({
      groups,
      count,
      people: people.filter((name) => !given.some((approver) => approver.name === name)),
    }));
}
