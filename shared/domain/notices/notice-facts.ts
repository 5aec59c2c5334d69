/** The facts that every notice of one request shows. */
import { askerOf } from "../policy/machines.ts";
import { type Need, needsOf } from "../policy/needs.ts";
import type { AccessPolicy } from "../policy/policy.ts";
import { ruleOfRequest } from "../policy/rule-of-request.ts";
import { approvedLess } from "../requests/approved-less.ts";
import { deciderText } from "../requests/decider-text.ts";
import type { AccessRequest } from "../requests/request.ts";
import { extendableFacts } from "./extendable.ts";
import type { NoticeFacts, StillNeeded } from "./notice.ts";

/** @param now ISO 8601 UTC */
export function noticeFacts(
  policy: AccessPolicy,
  request: AccessRequest,
  now: string,
): NoticeFacts {
  const rule = ruleOfRequest(policy, request);
  const less = approvedLess(request);
  return {
    requestId: request.id,
    digest: request.digest,
    state: request.state,
    ...askerOf(policy, request),
    cluster: request.cluster.name,
    clusterArn: request.cluster.arn,
    principalArn: request.principalArn,
    access: request.access,
    durationSeconds: request.durationSeconds,
    reason: request.reason,
    rule: request.rule,
    breakGlass: request.breakGlass,
    ...onCallFacts(request),
    ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
    startsAt: request.startsAt,
    revokeAt: request.revokeAt,
    expiresAt: request.expiresAt,
    lapsesAt: request.lapsesAt,
    endedAt: request.endedAt,
    ...(request.endProof ? { endProof: request.endProof } : {}),
    approvers: request.approvals.map(deciderText),
    stillNeeded: rule ? needsOf(policy, request).map((need) => asOf(need, now)) : [],
    outcome: request.outcome,
    ...(less.length > 0 ? { less } : {}),
    ...extensionFacts(request),
    ...extendableFacts(rule, request),
    decidedHere: rule?.decideIn.includes("slack") ?? false,
  };
}

/** Not when it was read: that is evidence, and no reader waits for it. */
const onCallFacts = ({ onCall: fact }: AccessRequest): Pick<NoticeFacts, "onCall"> => {
  if (!fact) return {};
  const { onCall, until, byOverride } = fact;
  return { onCall: { onCall, until, ...(byOverride ? { byOverride } : {}) } };
};

const extensionFacts = ({
  extends: predecessor,
  until,
  extendedBy,
  extendedUntil,
}: AccessRequest) => ({
  ...(predecessor === undefined ? {} : { extends: predecessor }),
  ...(until === undefined ? {} : { until }),
  ...(extendedBy === undefined ? {} : { extendedBy }),
  ...(extendedUntil === undefined ? {} : { extendedUntil }),
});

/** @param now when it is shown: who is asked depends on it */
function asOf({ escalate, ...need }: Need, now: string): StillNeeded {
  const { groups, people } = need;
  if (!escalate) return need;
  const { askedFrom, groups: later, people: laterPeople } = escalate;
  const isAsked = askedFrom <= now;
  return {
    ...need,
    groups: isAsked ? [...new Set([...groups, ...later])] : groups,
    people: isAsked ? people : people.filter((name) => !laterPeople.includes(name)),
    second: { groups: later, people: laterPeople, askedFrom, isAsked },
  };
}
