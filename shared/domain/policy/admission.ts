/**
 * The check before access is added. It trusts nothing that functions facing the internet wrote. It
 * checks the request again under converge's own copy of the policy. A forged approval can therefore
 * only gain what some rule allows some person.
 */

import type { Delegation } from "../delegations/delegation.ts";
import { digestOf } from "../requests/digest.ts";
import { isTrueEscalation } from "../requests/escalated-terms.ts";
import { startOf } from "../requests/grant-time.ts";
import { areTrueTerms } from "../requests/lesser-terms.ts";
import type { AccessRequest, Approval } from "../requests/request.ts";
import type { Settings } from "../settings.ts";
import { NO_STOPS, type Stopped, suspensionOf } from "../stops/stops.ts";
import { floorTo, plusSeconds, secondsBetween } from "../values/instant.ts";
import { isQuorum } from "./approval.ts";
import { isCoveredBy } from "./delegated.ts";
import { factOf } from "./known-on-call.ts";
import { type KnownOutside, objectionsTo, termsOf } from "./objections.ts";
import { type AccessPolicy, clusterNamed, type Member, memberOf, type Rule } from "./policy.ts";
import { isReviewOpened } from "./review-rights.ts";
import { ruleOfRequest } from "./rule-of-request.ts";
import { shiftEndOf } from "./shift-end.ts";
import { voicesOf } from "./voices.ts";

export type Admission =
  | { readonly admitted: true }
  | { readonly admitted: false; readonly code: string; readonly detail: string };

/** Facts that an admission rests on, besides the policy. */
export interface KnownToAdmit extends KnownOutside {
  /** Those that its approvals name, by id. */
  readonly delegations: ReadonlyMap<string, Delegation>;
  /** Stopped people: their approvals do not count for access that has not begun. */
  readonly stopped: Stopped;
}

/** The code of a grant that would begin too close to its end. It depends on no policy. */
export const TOO_LATE = "too-late";

const NOTHING_KNOWN: KnownToAdmit = { delegations: new Map(), stopped: NO_STOPS };

/**
 * Whether a grant's access may be added at `now`, or restored after others removed it. Pure.
 *
 * @param hasBegun whether its access was added before, so it can no longer be too late
 * @param known what else converge found out for it
 */
export function admit(
  policy: AccessPolicy,
  request: AccessRequest,
  settings: Settings,
  now: string,
  hasBegun: boolean,
  known: KnownToAdmit = NOTHING_KNOWN,
): Admission {
  const rule = ruleOfRequest(policy, request);
  const member = memberOf(policy, request.requester);
  if (!rule) return no("unknown-rule", `The policy no longer has a rule ${request.rule}.`);
  if (!member) return no("unknown-person", `The policy no longer knows ${request.requester}.`);
  return (
    refusalOfTerms(policy, request, rule, member, known) ??
    refusalOfApprovals(policy, request, rule, hasBegun ? { ...known, stopped: NO_STOPS } : known) ??
    refusalOfReview(request, rule, hasBegun) ??
    refusalOfShift(request, rule, known) ??
    refusalOfTimes(request, settings, now, hasBegun) ?? { admitted: true }
  );
}

const no = (code: string, why: string): Admission => ({
  admitted: false,
  code,
  detail: `${why} Nothing was granted; ask again.`,
});

/** Whether the terms are those that were shown, and the policy still allows them. */
function refusalOfTerms(
  policy: AccessPolicy,
  request: AccessRequest,
  rule: Rule,
  member: Member,
  known: KnownToAdmit,
): Admission | undefined {
  if (digestOf(request) !== request.digest)
    return no(
      "digest-mismatch",
      "The request's digest does not match its terms, so it is not what its approvers were shown.",
    );
  if (!isTrueEscalation(request))
    return no(
      "escalation-false",
      "The request claims to have become break-glass, and its terms are not those of a request that did.",
    );
  if (!areTrueTerms(request))
    return no(
      "terms-widened",
      "The request's earlier terms are not what its approvers were shown, or were less than its terms are now.",
    );
  const cluster = request.cluster.name;
  if (clusterNamed(policy, cluster)?.arn !== request.cluster.arn)
    return no("other-cluster", `The name ${cluster} now means another cluster in the policy.`);
  const [objection] = objectionsTo(
    policy,
    rule,
    member,
    termsOf(request, request.approvedAt, known),
  );
  return objection && no(objection.code, objection.detail);
}

/** Whether enough people approved who may do so. */
function refusalOfApprovals(
  policy: AccessPolicy,
  request: AccessRequest,
  rule: Rule,
  { delegations, stopped }: KnownToAdmit,
): Admission | undefined {
  const { requester } = request;
  if (request.approvals.some((approval) => behind(approval).includes(requester)))
    return no("self-approval", `${requester} approved their own request.`);
  const isCovered = (approval: Approval) =>
    isCoveredBy(policy, delegations.get(approval.onBehalfOf?.delegation ?? ""), approval);
  const approvals = request.approvals.filter(
    (approval) => !behind(approval).some((name) => suspensionOf(stopped, name)),
  );
  const isMet = (counts: (approval: Approval) => boolean) =>
    isQuorum(rule.approval, voicesOf(policy, rule, { ...request, approvals }, counts));
  if (isMet(isCovered)) return undefined;
  if (isMet(() => true))
    return no(
      "not-delegated",
      "An approval was given on behalf of somebody who had not delegated it at that time, or may not.",
    );
  return no("not-approved", `The approvals do not meet the current requirements of ${rule.name}.`);
}

/** Everyone who has a part in an approval. */
const behind = ({ person, onBehalfOf }: Approval): readonly string[] =>
  onBehalfOf ? [person, onBehalfOf.person] : [person];

/**
 * Refuses a break-glass that is not marked and reviewed as its rule requires. Its review must be
 * open, due in time, and for those whom the rule names. One that has begun may be reviewed
 * meanwhile.
 */
function refusalOfReview(
  request: AccessRequest,
  rule: Rule,
  hasBegun: boolean,
): Admission | undefined {
  if (request.breakGlass !== rule.breakGlass)
    return no(
      "break-glass-differs",
      `${rule.name} ${rule.breakGlass ? "is" : "is not"} for break-glass, and the request says otherwise.`,
    );
  if (hasBegun || isReviewOpened(rule, request)) return undefined;
  return no(
    "review-differs",
    `The review of this break-glass is missing, closed, or not as ${rule.name} says.`,
  );
}

/** A shift may have been made shorter since the approval. */
function refusalOfShift(
  { expiresAt }: AccessRequest,
  rule: Rule,
  { onCall }: KnownToAdmit,
): Admission | undefined {
  const end = shiftEndOf(rule, factOf(rule, onCall));
  return end === undefined || (expiresAt !== null && expiresAt <= end)
    ? undefined
    : no(
        "shift-ends-sooner",
        "The shift that it ends with is over sooner than the access would be.",
      );
}

/** Whether the grant ends when it should, and enough of it is left. */
function refusalOfTimes(
  request: AccessRequest,
  settings: Settings,
  now: string,
  hasBegun: boolean,
): Admission | undefined {
  const { expiresAt, revokeAt } = request;
  const start = startOf(request);
  // Compared as limits, because a release may change the margin while grants are open.
  if (
    start === null ||
    expiresAt === null ||
    revokeAt === null ||
    revokeAt > expiresAt ||
    expiresAt > latestEnd(request, start)
  )
    return no("wrong-deadline", "The deadline is later than the approved duration allows.");
  if (!hasBegun && isTooLate(request, settings, now))
    return no(
      TOO_LATE,
      `Less than ${settings.tooLateSeconds} s were left when access would have started.`,
    );
  return undefined;
}

/** The latest instant at which the approved access may end. */
const latestEnd = (
  { extends: predecessor, until, durationSeconds }: AccessRequest,
  start: string,
): string =>
  predecessor !== undefined && until !== undefined ? until : plusSeconds(start, durationSeconds);

/** Whether too little time is left to add or restore access. */
export const isTooLate = ({ revokeAt }: AccessRequest, settings: Settings, now: string): boolean =>
  revokeAt !== null && secondsBetween(now, revokeAt) < settings.tooLateSeconds;

/**
 * When a grant ends: its start plus its duration, rounded down to the granularity. An extension ends
 * at its `until`. Removal starts a margin earlier, so that access is gone by `expiresAt`.
 *
 * @param end when it is over at the latest, of a rule that ends with a shift
 * @returns undefined before the request is approved
 */
export function deadlineOf(
  request: AccessRequest,
  settings: Settings,
  end?: string,
): { readonly expiresAt: string; readonly revokeAt: string } | undefined {
  const start = startOf(request);
  if (start === null) return undefined;
  const asked = latestEnd(request, start);
  const latest = end !== undefined && end < asked ? end : asked;
  const expiresAt = floorTo(latest, settings.granularitySeconds);
  return { expiresAt, revokeAt: plusSeconds(expiresAt, -settings.marginSeconds) };
}
