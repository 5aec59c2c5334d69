import { askerOf, ownersOf } from "../../domain/policy/machines.ts";
import { type Need, type NeedOfRequest, needsOf } from "../../domain/policy/needs.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { ruleNamed } from "../../domain/policy/policy-index.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Surface } from "../../domain/requests/surface.ts";
import { formatDuration } from "../../domain/values/duration.ts";
import type { RequestAnswer, RequestSummary } from "../contract/answers.ts";
import { earlierTermsAnswer } from "../contract/earlier-terms-answer.ts";
import { escalatedFromMember } from "../contract/escalated-from-answer.ts";
import { extendOfRequest } from "../contract/extend-answer.ts";

/** The request under the current policy, without the broker's internal fields. */
export function requestAnswer(request: AccessRequest, policy: AccessPolicy): RequestAnswer {
  return {
    id: request.id,
    state: request.state,
    version: request.version,
    digest: request.digest,
    ...askerOf(policy, request),
    ...askedWithMember(request),
    ...ownersMember(policy, request),
    cluster: request.cluster.name,
    clusterArn: request.cluster.arn,
    principalArn: request.principalArn,
    access: request.access,
    rule: request.rule,
    breakGlass: request.breakGlass,
    ...(request.review ? { review: request.review } : {}),
    duration: formatDuration(request.durationSeconds),
    durationSeconds: request.durationSeconds,
    reason: request.reason,
    requirements: request.requirements,
    needs: needsOf(policy, request),
    ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
    ...(request.onCall ? { onCall: request.onCall } : {}),
    ...decideInMember(policy, request),
    ...approvalsAnswer(request),
    ...escalatedFromMember(request.escalatedFrom),
    ...extensionAnswer(request),
    ...extendOfRequest(policy, request),
    startsAt: request.startsAt,
    createdAt: request.createdAt,
    lapsesAt: request.lapsesAt,
    approvedAt: request.approvedAt,
    effectiveAt: request.effectiveAt,
    revokeAt: request.revokeAt,
    expiresAt: request.expiresAt,
    endedAt: request.endedAt,
    ...(request.endProof ? { endProof: request.endProof } : {}),
    outcome: request.outcome,
  };
}

function ownersMember(policy: AccessPolicy, { requester }: AccessRequest) {
  const owners = ownersOf(policy, requester);
  return owners.length === 0 ? {} : { owners };
}

/** The digest of each approval is only of interest where the terms changed. */
function approvalsAnswer({
  approvals,
  earlierTerms = [],
  escalatedFrom,
}: AccessRequest): Pick<RequestAnswer, "approvals" | "earlierTerms"> {
  const isLess = earlierTerms.length > 0;
  const isChanged = isLess || escalatedFrom !== undefined;
  return {
    approvals: approvals.map(({ person, onBehalfOf, at, note, digest }) => ({
      person,
      ...(onBehalfOf ? { onBehalfOf: onBehalfOf.person } : {}),
      at,
      ...(note === undefined ? {} : { note }),
      ...(isChanged && digest !== undefined ? { digest } : {}),
    })),
    ...(isLess ? { earlierTerms: earlierTerms.map(earlierTermsAnswer) } : {}),
  };
}

/** The request, as a list shows it. */
export function requestSummary(request: AccessRequest, policy: AccessPolicy): RequestSummary {
  return {
    id: request.id,
    state: request.state,
    ...askerOf(policy, request),
    ...askedWithMember(request),
    cluster: request.cluster.name,
    principalArn: request.principalArn,
    access: request.access,
    rule: request.rule,
    breakGlass: request.breakGlass,
    ...(request.review ? { review: request.review } : {}),
    duration: formatDuration(request.durationSeconds),
    durationSeconds: request.durationSeconds,
    reason: request.reason,
    ...(request.ticket === undefined ? {} : { ticket: request.ticket }),
    needs: needsOf(policy, request).map(withoutPeople),
    ...escalatedFromMember(request.escalatedFrom),
    ...extensionAnswer(request),
    startsAt: request.startsAt,
    createdAt: request.createdAt,
    lapsesAt: request.lapsesAt,
    revokeAt: request.revokeAt,
    expiresAt: request.expiresAt,
    endedAt: request.endedAt,
    ...(request.endProof ? { endProof: request.endProof } : {}),
    outcome: request.outcome,
  };
}

const askedWithMember = ({ askedWith }: AccessRequest): Pick<RequestAnswer, "askedWith"> =>
  askedWith ? { askedWith } : {};

function withoutPeople({ people: _people, escalate, ...need }: Need): NeedOfRequest {
  if (!escalate) return need;
  const { people: _, ...later } = escalate;
  return { ...need, escalate: later };
}

/** The links of a grant to the one that it extends, and to its own extension. */
const extensionAnswer = ({
  extends: predecessor,
  until,
  extendedBy,
}: AccessRequest): Pick<RequestAnswer, "extends" | "until" | "extendedBy"> => ({
  ...(predecessor === undefined ? {} : { extends: predecessor }),
  ...(until === undefined ? {} : { until }),
  ...(extendedBy === undefined ? {} : { extendedBy }),
});

/** The places where today's rule lets people decide on a pending request. No other request has the member. */
export function decideInMember(
  policy: AccessPolicy,
  { rule, state }: AccessRequest,
): { readonly decideIn?: readonly Surface[] } {
  const decideIn = state === "pending" ? ruleNamed(policy, rule)?.decideIn : undefined;
  return decideIn ? { decideIn } : {};
}
